/** Owns what is kept of the findings of a check: how many of each code, and the first of them. */
import type { Consumer } from '../formats/checks/consumer.ts'
import type { Finding, Severity } from '../formats/checks/finding.ts'
import type { Checked, Told } from './check-lines.ts'

export type FindingGroup = {
  consumer: Consumer
  code: string
  severity: Severity
  count: number
  /** The first of them, in the order of the lines. */
  first: Finding[]
}

export type CheckReport = {
  lines: number
  /** Errors first, then in the order in which they were met. */
  groups: FindingGroup[]
  notes: Checked['notes']
  add(checked: Checked): void
}

export function createCheckReport(shown: number): CheckReport {
  const groups = new Map<string, FindingGroup>()

  function count({ consumer, finding }: Told): void {
    const { code, severity } = finding
    const key = `${consumer.name} ${code} ${severity}`
    const group = groups.get(key) ?? { consumer, code, severity, count: 0, first: [] }
    group.count += 1
    if (group.first.length < shown) group.first.push(finding)
    groups.set(key, group)
  }

  return {
    lines: 0,
    notes: [],
    get groups() {
      return [...groups.values()].sort((a, b) => rank(a) - rank(b))
    },
    add({ lines, told, notes }) {
      this.lines += lines
      this.notes.push(...notes)
      for (const one of told) count(one)
    },
  }
}

export function countOf(groups: FindingGroup[], severity: Severity): number {
  return groups.reduce((sum, group) => sum + (group.severity === severity ? group.count : 0), 0)
}

function rank({ severity }: FindingGroup): number {
  return severity === 'error' ? 0 : 1
}
