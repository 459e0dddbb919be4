/** Owns whether a pane shows Markdown or the text as it came: chosen per pane, remembered as long as the tab lives. */
import { reactive } from 'vue'

export const VIEWS = { markdown: 'Markdown', raw: 'Raw' } as const
export type View = keyof typeof VIEWS

const chosen = reactive(new Map<string, View>())

export function viewOf(pane: string): View {
  return chosen.get(pane) ?? 'markdown'
}

export function chooseView(pane: string, view: View): void {
  chosen.set(pane, view)
}
