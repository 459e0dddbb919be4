/** Owns how an export is written in the address of its page, so that a link or a reload asks for the same file. */
import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { ExportRecord } from '../../contract.ts'
import { CONFLICT_RULES, CONTAINER_NAMES } from '../../domain/example.ts'
import { FAILURE_CATEGORIES } from '../../domain/failure-category.ts'
import { IN_ADDRESS, withoutNothing } from '../address.ts'
import type { ExportChoice } from '../api.ts'

export type { ExportChoice }
/** What may be chosen several times over. */
export const LISTS = ['run_id', 'model_name', 'task_type', 'failure_category', 'decided_by'] as const
export type ListName = (typeof LISTS)[number]

/** The format of an address that names none. */
export const DEFAULT_FORMAT = 'sft'
export const CATEGORY_CHOICES = [...FAILURE_CATEGORIES, 'none'] as const

/** Where the lists of cards have the same filter, it has the same name. */
const NAMES = {
  format: 'format',
  as: 'as',
  run_id: IN_ADDRESS.run_id,
  model_name: IN_ADDRESS.model_name,
  task_type: IN_ADDRESS.task_type,
  failure_category: 'category',
  decided_by: 'by',
  decided_from: 'from',
  decided_to: 'to',
  include_imported: 'imported',
  conflicts: 'conflicts',
  skip_invalid: 'skip_invalid',
} as const satisfies Record<keyof ExportChoice, string>

export function exportOf(query: LocationQuery): ExportChoice {
  return choiceFrom((name) => [query[NAMES[name]]].flat().filter((value) => value !== null))
}

/** What a past export was asked for; its format and container stand beside its filters. */
export function exportOfRecord({ format, as, query }: ExportRecord): ExportChoice {
  const all: Record<string, string | string[] | boolean> = { ...query, format, as }
  return choiceFrom((name) => [all[name] ?? []].flat().map(String))
}

export function addressOfExport(choice: ExportChoice): LocationQueryRaw {
  const given = Object.entries(withoutNothing(choice)) as [keyof ExportChoice, string | string[] | true][]
  return Object.fromEntries(
    given.map(([name, value]) => [NAMES[name], value === true ? 'true' : value] as const),
  )
}

/** Whether anything that was corrected is kept out by choice. */
export function isNarrowed(choice: ExportChoice): boolean {
  return (
    LISTS.some((name) => choice[name]?.length) ||
    choice.decided_from !== undefined ||
    choice.decided_to !== undefined
  )
}

type ValuesOf = (name: keyof ExportChoice) => (string | undefined)[]

/** What nobody could mean is left out: an address is typed by people. The server judges the rest. */
function choiceFrom(valuesOf: ValuesOf): ExportChoice {
  const text = (name: keyof ExportChoice) => valuesOf(name)[0] || undefined
  const several = (name: ListName) => orNothing([...new Set(valuesOf(name).filter((value) => !!value))])
  return withoutNothing<ExportChoice>({
    format: text('format'),
    as: oneOf(CONTAINER_NAMES, text('as')),
    run_id: several('run_id'),
    model_name: several('model_name'),
    task_type: several('task_type'),
    failure_category: orNothing(
      CATEGORY_CHOICES.filter((category) => valuesOf('failure_category').includes(category)),
    ),
    decided_by: several('decided_by'),
    decided_from: momentIn(text('decided_from')),
    decided_to: momentIn(text('decided_to')),
    include_imported: text('include_imported') === 'true' || undefined,
    conflicts: oneOf(CONFLICT_RULES, text('conflicts')),
    skip_invalid: text('skip_invalid') === 'true' || undefined,
  })
}

function orNothing<T>(list: T[]): NonNullable<T>[] | undefined {
  return list.length > 0 ? (list as NonNullable<T>[]) : undefined
}

function oneOf<T extends string>(choices: readonly T[], text: string | undefined): T | undefined {
  return choices.find((choice) => choice === text)
}

function momentIn(text: string | undefined): string | undefined {
  return text !== undefined && !Number.isNaN(Date.parse(text)) ? text : undefined
}
