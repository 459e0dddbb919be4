/** Proves that every page has its address, its title and its heading in the focus, and that the review comes back as it was. */
import { afterEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { importReport } from './import/fake-imports.ts'
import { type OpenApp, openApp } from './open-app.ts'
import { card, cards, fakeNetwork } from './review/fake-network.ts'
import { runsOf } from './review/fake-server.ts'

let network: ReturnType<typeof fakeNetwork>
let app: OpenApp

async function open(address: string, stored = cards(3)): Promise<void> {
  network = fakeNetwork(stored, { runs: runsOf(stored) })
  app = await openApp(address)
}

afterEach(async () => {
  network.goDown(false)
  await expect.poll(() => app.store.sending).toBe(0)
  network.restore()
})

const link = (name: string) =>
  page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true })
const heading = () => document.querySelector('main h1')
const focused = () => document.activeElement?.textContent?.trim()

describe('the navigation', () => {
  it.each([
    ['Runs', '/runs', 'Runs · Avocet'],
    ['Insights', '/insights', 'Insights · Avocet'],
    ['Cards', '/cards', 'Cards · Avocet'],
    ['Export', '/export', 'Export · Avocet'],
  ])(
    'leads to %s, with its title, its heading in the focus, and the link marked',
    async (name, address, title) => {
      await open('/')
      await link(name).click()
      await expect.poll(() => heading()?.textContent).toBe(name)
      expect(document.activeElement).toBe(heading())
      expect(app.address()).toBe(address)
      expect(document.title).toBe(title)
      await expect.element(link(name)).toHaveAttribute('aria-current', 'page')
      await expect.element(link('Review')).not.toHaveAttribute('aria-current')
    },
  )

  it('gives the focus to the card on the way back to the review', async () => {
    await open('/runs')
    await expect.poll(() => heading()?.textContent).toBe('Runs')
    await link('Review').click()
    await expect.poll(focused).toBe('Task c1')
    expect(document.title).toBe('Review · Avocet')
  })

  it('leads back to the cards that were reviewed, with what is typed', async () => {
    await open('/?run=run-2', [...cards(2), card('x', { run_id: 'run-2' })])
    await expect.poll(() => app.store.current?.id).toBe('x')
    await userEvent.keyboard('chalf')
    await link('Insights').click()
    await expect.poll(() => heading()?.textContent).toBe('Insights')
    await link('Review').click()
    await expect.poll(() => document.querySelector('textarea')?.value).toBe('half')
    expect(app.address()).toBe('/?run=run-2')
  })

  it('skips to the page for who comes by keyboard', async () => {
    await open('/cards')
    await userEvent.keyboard('{Tab}')
    expect(focused()).toBe('Skip to the page')
    await userEvent.keyboard('{Enter}')
    expect(document.activeElement).toBe(heading())
  })

  it('says so when there is nothing at an address, and shows ways on', async () => {
    await open('/nowhere/at/all')
    await expect.element(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible()
    expect(app.main().textContent).toContain('/nowhere/at/all')
    expect(document.title).toBe('Not here · Avocet')
    await page.getByRole('link', { name: 'All cards' }).click()
    await expect.poll(app.address).toBe('/cards')
  })
})

describe('a key', () => {
  it('acts on no card while another page is on the screen', async () => {
    await open('/')
    await expect.poll(() => app.store.current?.id).toBe('c1')
    await link('Runs').click()
    await expect.poll(() => heading()?.textContent).toBe('Runs')
    await userEvent.keyboard('dfu1')
    await link('Review').click()
    await expect.poll(focused).toBe('Task c1')
    expect(network.of('submit')).toHaveLength(0)
    expect(app.store.draft?.category).toBeNull()
  })
})

describe('the filter of the review', () => {
  const stored = () => [
    card('a', { run_id: 'A' }),
    card('b', { run_id: 'B', task_type: 'math' }),
    card('c', { run_id: 'B' }),
  ]
  const button = () => page.getByRole('button', { name: /^Filter:/ })

  it('is chosen from lists, stands in the address, and counts what is left', async () => {
    await open('/', stored())
    await expect.element(button()).toHaveTextContent('Filter: All cards')
    await button().click()
    await expect.poll(() => document.activeElement?.tagName).toBe('SELECT')
    await page.getByLabelText('Run', { exact: true }).selectOptions('dir-B')
    await expect.poll(() => app.store.current?.id).toBe('b')
    expect(app.address()).toBe('/?run=B')
    await expect.element(page.getByText('2 left of 2')).toBeVisible()
    await page.getByLabelText('Task type').selectOptions('math')
    await expect.element(page.getByText('1 left of 1')).toBeVisible()
    expect(app.address()).toBe('/?run=B&task_type=math')
    await expect.element(button()).toHaveTextContent('Filter: dir-B · math')
  })

  it('of an address is there from the start, and one press gives it up', async () => {
    await open('/?run=A&score=low', stored())
    await expect.poll(() => app.store.current?.id).toBe('a')
    expect(network.of('/queue').every((call) => call.query.get('run_id') === 'A')).toBe(true)
    await expect.element(button()).toHaveTextContent('Filter: dir-A · low score')
    await page.getByRole('button', { name: 'Filters active: clear them' }).click()
    await expect.poll(() => app.store.left).toBe(3)
    expect(app.address()).toBe('/')
  })

  it('closes with Esc, the focus on its button, and no key acts inside', async () => {
    await open('/', stored())
    await button().click()
    await expect.poll(() => document.activeElement?.tagName).toBe('SELECT')
    await userEvent.keyboard('df')
    await userEvent.keyboard('{Escape}')
    await expect.poll(() => document.querySelector('#filter-panel')).toBeNull()
    await expect.element(button()).toHaveFocus()
    expect(app.store.acts).toHaveLength(0)
  })

  it('applies to the export as far as an export knows it', async () => {
    await open('/?run=A&model=Qwen2.5-3B&score=low', stored())
    await expect.element(link('Export')).toHaveAttribute('href', '/export?run=A&model=Qwen2.5-3B')
    await link('Runs').click()
    await expect.element(link('Export')).toHaveAttribute('href', '/export?run=A&model=Qwen2.5-3B')
  })

  it('that leaves nothing says so, and offers all the others', async () => {
    await open('/?run=A', stored())
    await expect.poll(() => app.store.current?.id).toBe('a')
    await userEvent.keyboard('d')
    await expect.element(page.getByRole('heading', { name: 'All caught up here' })).toBeVisible()
    await expect.element(page.getByText('2 other cards wait.', { exact: false })).toBeVisible()
    await page.getByRole('link', { name: 'Review all of them' }).click()
    await expect.poll(() => app.store.current?.id).toBe('b')
  })
})

describe('a card asked for in the address', () => {
  it('comes first, and is forgotten by the address once it is decided', async () => {
    await open('/?card=c3')
    await expect.poll(() => app.store.current?.id).toBe('c3')
    expect(app.address()).toBe('/?card=c3')
    await userEvent.keyboard('d')
    await expect.poll(app.address).toBe('/')
    expect(app.store.current?.id).toBe('c1')
  })

  it('that is decided already is a link to its page', async () => {
    await open('/?card=x', [...cards(1), card('x', { status: 'discarded' })])
    await expect.element(page.getByText('Task x is decided already', { exact: false })).toBeVisible()
    await page.getByRole('link', { name: 'Open the card' }).click()
    await expect.poll(app.address).toBe('/cards/x')
  })
})

describe('with nothing imported', () => {
  it('the example is one press away, and its cards appear', async () => {
    const stored: ReturnType<typeof cards> = []
    network = fakeNetwork(stored, {
      config: { bench_results_dir: '', example_runs: '/examples' },
      imports: () => {
        stored.push(...cards(2))
        return importReport()
      },
    })
    app = await openApp('/')
    await page.getByRole('button', { name: 'Try the example' }).click()
    await expect.poll(() => app.store.current?.id).toBe('c1')
    const [call] = network.of('/imports').filter(({ method }) => method === 'POST')
    expect(call?.body).toEqual({ path: '/examples' })
    await expect.poll(app.said).toContain('16 new cards')
  })

  it('a path outside is refused in words, with the command that takes it', async () => {
    await open('/', [])
    const { problem } = await import('./review/fake-server.ts')
    network.world.imports = () => problem(403, 'outside_roots', '"/etc" lies outside.')
    await userEvent.fill(page.getByLabelText(/^Path of a run/), '/etc')
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await expect.element(page.getByRole('alert').getByText('"/etc" lies outside.')).toBeVisible()
    await expect.element(page.getByText('npm start -- /etc')).toBeVisible()
  })
})
