/** Owns the pages: their addresses, their titles, and where a page is scrolled to when it opens. */
import type { Component } from 'vue'
import {
  createRouter,
  createWebHistory,
  type RouteLocationNormalized,
  type RouteRecordRaw,
  type Router,
  type RouterHistory,
} from 'vue-router'
import ReviewPage from './review/ReviewPage.vue'
import NotLoaded from './ui/NotLoaded.vue'

declare module 'vue-router' {
  interface RouteMeta {
    title?: string
  }
}

type Page = () => Promise<{ default: Component }>

/** The review is what the page is opened for; the others come when they are asked for. */
const pages = {
  runs: () => import('./runs/RunsPage.vue'),
  insights: () => import('./insights/InsightsPage.vue'),
  cards: () => import('./cards/CardsPage.vue'),
  card: () => import('./cards/CardPage.vue'),
  export: () => import('./export/ExportPage.vue'),
  notHere: () => import('./ui/NotHere.vue'),
} satisfies Record<string, Page>

const routes: RouteRecordRaw[] = [
  { path: '/', name: 'review', component: ReviewPage, meta: { title: 'Review' } },
  { path: '/runs', name: 'runs', component: lazy(pages.runs), meta: { title: 'Runs' } },
  {
    path: '/insights',
    name: 'insights',
    component: lazy(pages.insights),
    meta: { title: 'Insights' },
  },
  {
    path: '/cards',
    name: 'cards',
    component: lazy(pages.cards),
    meta: { title: 'Cards' },
  },
  {
    path: '/cards/:id',
    name: 'card',
    component: lazy(pages.card),
    meta: { title: 'Card' },
  },
  {
    path: '/export',
    name: 'export',
    component: lazy(pages.export),
    meta: { title: 'Export' },
  },
  {
    path: '/:elsewhere(.*)*',
    name: 'not-here',
    component: lazy(pages.notHere),
    meta: { title: 'Not here' },
  },
]

function lazy(page: Page) {
  return () =>
    page().then(
      (module) => module.default,
      () => NotLoaded,
    )
}

/** Whoever points at a link is about to follow it. */
export function fetchAhead(name: string): void {
  const page: Page | undefined = pages[name as keyof typeof pages]
  page?.().catch(() => {
    // Following the link says what is wrong.
  })
}

export function createAppRouter(history: RouterHistory = createWebHistory()): Router {
  const router = createRouter({
    history,
    routes,
    scrollBehavior: (to, from, saved) => saved ?? (isSamePage(to, from) ? false : { top: 0 }),
  })
  router.afterEach((to) => showTitle(to.meta.title))
  return router
}

export function showTitle(title: string | undefined): void {
  document.title = title ? `${title} · Avocet` : 'Avocet'
}

/** A filter chosen is still the same page, and nothing on it moves. */
export function isSamePage(to: RouteLocationNormalized, from: RouteLocationNormalized): boolean {
  return to.path === from.path && to.query.page === from.query.page
}
