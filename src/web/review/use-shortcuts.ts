/** Owns when a key acts: never while somebody types, holds a modifier or a key, composes a character or faces a dialog. */
import { onBeforeUnmount, onMounted } from 'vue'
import { CLOSE, effectOfKey, GO_ON_WRITING, SUBMIT } from './actions.ts'
import type { SftStore } from './use-sft-store.ts'

/** How long the keyboard must rest after a card came back by itself, so that a key meant for another card is lost instead. */
const REST_MS = 800

export function useShortcuts(store: SftStore): void {
  const onKeydown = (event: KeyboardEvent): void => act(event, store)
  onMounted(() => window.addEventListener('keydown', onKeydown))
  onBeforeUnmount(() => window.removeEventListener('keydown', onKeydown))
}

function act(event: KeyboardEvent, store: SftStore): void {
  if (event.defaultPrevented || event.repeat || isComposing(event) || isInDialog(event.target)) return
  const effect = effectOf(event, store)
  if (!effect) return
  event.preventDefault()
  if (isKeyboardBusy(store)) return
  effect(store)
}

function effectOf(event: KeyboardEvent, { sameAnswer }: SftStore): ((store: SftStore) => void) | null {
  const modified = event.ctrlKey || event.metaKey || event.altKey
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.altKey) return SUBMIT.invoke
  if (modified) return null
  if (event.key === CLOSE.key) return (sameAnswer > 0 ? GO_ON_WRITING : CLOSE).invoke
  return isTextField(event.target) ? null : effectOfKey(keyOf(event))
}

/** Safari ends a composition before the key that ended it; 229 is what remains of it. */
function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229
}

function isKeyboardBusy(store: SftStore): boolean {
  const busy = Date.now() - store.interruptedAt < REST_MS
  if (busy) store.interruptedAt = Date.now()
  return busy
}

function isInDialog(target: EventTarget | null): boolean {
  if (document.querySelector('dialog:modal, [aria-modal="true"]')) return true
  return target instanceof Element && target.closest('dialog, [role="dialog"], [role="alertdialog"]') !== null
}

function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  if (target instanceof HTMLElement && target.isContentEditable) return true
  return target.closest('input, textarea, select') !== null
}

/** The letter or digit typed, or the one at its place on a keyboard of another script or one that hides its digits (AZERTY). */
function keyOf({ key, code, shiftKey }: KeyboardEvent): string {
  if (/^[0-9]$/.test(key)) return key
  if (shiftKey) return ''
  if (/^[a-z]$/i.test(key)) return key.toLowerCase()
  const digit = /^Digit([0-9])$/.exec(code)?.[1]
  const letter = /^[ -~]$/.test(key) ? undefined : /^Key([A-Z])$/.exec(code)?.[1]
  return digit ?? letter?.toLowerCase() ?? ''
}
