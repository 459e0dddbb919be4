/** Owns what is kept of the findings of a check: how many of each code, and the first of them. */
import type { Consumer } from '../formats/checks/consumer.ts'
import type { Finding, Severity } from '../formats/checks/finding.ts'
import type { Told } from './check-file.ts'

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
  /** In the order in which they were met. */
  groups: FindingGroup[]
  add(told: Told[], lines: number): void
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
    get groups() {
      return [...groups.values()]
    },
    add(told, lines) {
      this.lines += lines
      for (const one of told) count(one)
    },
  }
}

export function countOf(groups: FindingGroup[], severity: Severity): number {
  return groups.reduce((sum, group) => sum + (group.severity === severity ? group.count : 0), 0)
}
