/** Owns the names of those who decided, as they can be chosen. */
import { onMounted, shallowRef } from 'vue'
import { fetchReviewers } from '../api.ts'

export function useReviewers() {
  const reviewers = shallowRef<string[]>([])
  /** Without an answer there is nobody to choose; the page itself says that the server is gone. */
  onMounted(async () => {
    reviewers.value = await fetchReviewers().catch(() => [])
  })
  return reviewers
}
