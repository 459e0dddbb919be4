/** Owns the tie between the address and the review: the address names the filter and may ask for one card. */
import { onBeforeUnmount, onMounted, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { filterOf, textOf } from '../address.ts'
import type { SftStore } from './use-sft-store.ts'

export const CARD_IN_ADDRESS = 'card'

export function useAddress(store: SftStore): void {
  const route = useRoute()
  const router = useRouter()

  onMounted(() => store.start())
  onBeforeUnmount(() => store.stop())
  watch(() => [route.name, route.query], follow, { immediate: true })

  function follow(): void {
    if (route.name === 'review') void store.show(filterOf(route.query), textOf(route.query, CARD_IN_ADDRESS))
    else if (route.name) store.leave()
  }

  // Once another card is on the screen, a reload must not bring the one asked for again.
  watch(
    () => store.current?.id,
    (id, before) => {
      const { [CARD_IN_ADDRESS]: asked, ...query } = route.query
      if (route.name === 'review' && asked && asked === before && id !== asked) void router.replace({ query })
    },
  )
}
