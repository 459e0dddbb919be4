/** Proves that the watch is switched on the page of runs, and that an open page gets what others import without losing its card. */
import { afterEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { importReport } from '../import/fake-imports.ts'
import { type OpenApp, openApp } from '../open-app.ts'
import { card, cards, fakeNetwork } from '../review/fake-network.ts'
import { problem, type World } from '../review/fake-server.ts'

let network: ReturnType<typeof fakeNetwork>
let app: OpenApp

async function open(address: string, more: Partial<World> = {}): Promise<void> {
  network = fakeNetwork(cards(3), more)
  app = await openApp(address)
}

afterEach(() => {
  app.unmount()
  network.restore()
})

const WATCH = { on: false, paths: ['/bench'], looked_at: null, import_id: null, trouble: null }
const theSwitch = () => page.getByRole('switch', { name: 'Import new and growing runs by themselves' })

describe('the watch', () => {
  it('is switched on, says where it looks and when it did, and off again', async () => {
    await open('/runs', { watch: { ...WATCH } })
    await expect.element(theSwitch()).toHaveAttribute('aria-checked', 'false')
    await theSwitch().click()
    await expect.element(theSwitch()).toHaveAttribute('aria-checked', 'true')
    await expect.element(page.getByText('Watching /bench, about to look.')).toBeVisible()
    expect(network.of('/watch').find(({ method }) => method === 'PUT')?.body).toEqual({ on: true })
    await expect.poll(app.said).toContain('Watching for new runs.')
    network.world.watch.looked_at = new Date(Date.now() - 3000).toISOString()
    await expect.element(page.getByText(/^Watching \/bench, looked \d s ago\./)).toBeVisible()
    await theSwitch().click()
    await expect.element(theSwitch()).toHaveAttribute('aria-checked', 'false')
  })

  it('says in words what keeps it from looking, and leads to what came last', async () => {
    const trouble = '/bench: permission is missing'
    await open('/runs', { watch: { ...WATCH, on: true, trouble, import_id: 7 }, reports: [importReport()] })
    await expect.element(page.getByText(/It cannot look everywhere: \/bench: permission/)).toBeVisible()
    await page.getByRole('link', { name: 'What came last' }).click()
    await expect.poll(app.address).toBe('/runs?import=7')
  })

  it('that cannot be switched stays as it was and says why', async () => {
    await open('/runs', { watch: { ...WATCH } })
    await expect.element(theSwitch()).toBeVisible()
    network.answerOnce('/watch', () => problem(503, 'store_busy', 'The database is busy.'))
    await theSwitch().click()
    await expect.element(page.getByText('The database is busy.')).toBeVisible()
    await expect.element(theSwitch()).toHaveAttribute('aria-checked', 'false')
  })
})

describe('cards that somebody else imports', () => {
  it('come to an open review without a reload, behind the card in hand and what is typed', async () => {
    await open('/')
    await expect.poll(() => app.store.current?.id).toBe('c1')
    await userEvent.keyboard('chalf a sentence')
    network.world.stored.push(card('new-1'), card('new-2'))
    network.world.reports.unshift(importReport({ totals: { ...importReport().totals, imported: 2 } }))
    await expect.element(page.getByText('5 left of 5'), { timeout: 10_000 }).toBeVisible()
    expect(app.store.cards.map(({ id }) => id)).toEqual(['c1', 'c2', 'c3', 'new-1', 'new-2'])
    expect(app.store.current?.id).toBe('c1')
    expect(document.querySelector('textarea')?.value).toBe('half a sentence')
    expect(document.activeElement?.tagName).toBe('TEXTAREA')
  })
})
