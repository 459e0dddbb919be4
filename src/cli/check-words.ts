/** Owns how findings look on the terminal: the first of each kind for people, all of them for programs. */
import type { Consumer } from '../formats/checks/consumer.ts'
import type { Finding } from '../formats/checks/finding.ts'
import type { Told } from '../workflow/check-lines.ts'
import { type CheckReport, countOf, type FindingGroup } from '../workflow/check-report.ts'
import { counted, printable, printableJson } from './terminal.ts'

/** `name`: what was checked. */
export function describeCheck(name: string, readers: Consumer[], report: CheckReport): string {
  const parts = readers.map((consumer) => {
    const groups = report.groups.filter((group) => group.consumer === consumer)
    const lines = counted(report.lines, 'line')
    const notes = report.notes.filter((one) => one.consumer === consumer).map(({ note }) => `Note: ${note}`)
    return [
      `${printable(name)}: ${lines}, checked against the rules of ${consumer.rules_of}.`,
      ...groups.flatMap(describeGroup),
      ...notes,
      `${consumer.title}: ${verdictOf(groups)}.`,
    ].join('\n')
  })
  return `${parts.join('\n\n')}\n`
}

function describeGroup({ code, severity, count, first }: FindingGroup): string[] {
  const name = severity === 'error' ? 'Error' : 'Warning'
  const lines = first.map((finding) => `${name}: ${placeOf(finding)}${printable(finding.words)} (${code})`)
  const more = count - first.length
  return more > 0 ? [...lines, `… and ${more} more of ${code}; --json lists them all.`] : lines
}

function placeOf({ line, id }: Finding): string {
  if (line === null) return ''
  return id === null ? `line ${line}: ` : `line ${line}, card ${printable(id)}: `
}

function verdictOf(groups: FindingGroup[]): string {
  const [errors, warnings] = [countOf(groups, 'error'), countOf(groups, 'warning')]
  if (errors + warnings === 0) return 'passes'
  return `${errors > 0 ? 'would be refused' : 'passes'}, ${counted(errors, 'error')}, ${counted(warnings, 'warning')}`
}

export function toJsonLine({ consumer, finding }: Told): string {
  // Its line feeds are all between values: those of the data are escaped.
  return `${printableJson({ consumer: consumer.name, ...finding }).replace(/\n */g, ' ')}\n`
}
