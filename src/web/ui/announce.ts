/** Owns what the page says aloud when something has happened, politely. */
import { ref } from 'vue'

export const announcement = ref('')

/** A screen reader stays silent when the same words are said again; the space makes them others. */
export function announce(words: string): void {
  announcement.value = announcement.value === words ? `${words}\u00a0` : words
}
