/** Owns the choice of colours: light, dark, or what the system says; kept in this browser. */
import { ref } from 'vue'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const KEY = 'avocet.theme'
export const theme = ref<Theme>(storedTheme())

export function applyTheme(): void {
  if (theme.value === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme.value
}

export function chooseTheme(choice: Theme): void {
  theme.value = choice
  applyTheme()
  try {
    localStorage.setItem(KEY, choice)
  } catch {
    // A browser that stores nothing still shows the colours until it is closed.
  }
}

function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(KEY)
    return THEMES.find((each) => each === stored) ?? 'system'
  } catch {
    return 'system'
  }
}
