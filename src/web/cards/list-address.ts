/** Owns how the list of cards is written in the address: filters, words, order and page. */
import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { Query } from '../../contract.ts'
import { STATUSES } from '../../domain/candidate.ts'
import { FAILURE_CATEGORIES } from '../../domain/failure-category.ts'
import { addressOf, choiceOf, filterOf, textOf, withoutNothing } from '../address.ts'

type List = Query<'listCandidates'>
/** Only what differs from the list as it opens first. */
export type ListQuery = Partial<Omit<List, 'per_page'>>
export type Sort = List['sort']

export const SORTS = ['imported', 'decided', 'score', 'task', 'model'] as const satisfies Sort[]
export const CATEGORY_CHOICES = [...FAILURE_CATEGORIES, 'none'] as const
export const PER_PAGE = 50

/** The orders where there are no heads of columns to press. */
export const ORDERS = [
  { value: 'task', label: 'Task, A to Z', sort: 'task', order: 'asc' },
  { value: 'model', label: 'Model, A to Z', sort: 'model', order: 'asc' },
  { value: 'worst', label: 'Score, lowest first', sort: 'score', order: 'asc' },
  { value: 'best', label: 'Score, highest first', sort: 'score', order: 'desc' },
  { value: 'latest', label: 'Decided, latest first', sort: 'decided', order: 'desc' },
] as const satisfies { value: string; label: string; sort: Sort; order: List['order'] }[]

export function listOf(query: LocationQuery): ListQuery {
  const page = Number(textOf(query, 'page'))
  return withoutNothing({
    ...filterOf(query),
    q: textOf(query, 'q'),
    status: choiceOf(query, 'status', STATUSES),
    failure_category: choiceOf(query, 'category', CATEGORY_CHOICES),
    sort: choiceOf(query, 'sort', SORTS),
    order: choiceOf(query, 'order', ['asc', 'desc']),
    page: Number.isInteger(page) && page > 1 ? page : undefined,
  })
}

export function addressOfList({
  q,
  status,
  failure_category,
  sort,
  order,
  page,
  ...filter
}: ListQuery): LocationQueryRaw {
  const rest = { q, status, category: failure_category, sort, order, page }
  return withoutNothing({ ...addressOf(filter), ...rest })
}

/** A column is sorted the way that is asked for first, then the other way, then not at all. */
export function nextSort({ sort, order }: ListQuery, column: Sort): Pick<ListQuery, 'sort' | 'order'> {
  const first = column === 'decided' ? 'desc' : 'asc'
  if (sort !== column) return { sort: column, order: first }
  return (order ?? 'asc') === first
    ? { sort: column, order: first === 'asc' ? 'desc' : 'asc' }
    : { sort: undefined, order: undefined }
}
