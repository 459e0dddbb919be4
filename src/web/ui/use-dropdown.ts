/** Owns a panel under a button: it opens by the button, and closes by it, by Escape, or by a press or focus elsewhere. */
import { nextTick, onBeforeUnmount, onMounted, ref, type ShallowRef } from 'vue'

type Place = Readonly<ShallowRef<HTMLElement | null>>

export function useDropdown(root: Place, button: Place) {
  const isOpen = ref(false)

  function closeOutside({ target }: Event): void {
    if (target instanceof Node && !root.value?.contains(target)) isOpen.value = false
  }

  async function closeOnEscape(event: KeyboardEvent): Promise<void> {
    if (event.key !== 'Escape' || !isOpen.value) return
    event.stopPropagation()
    isOpen.value = false
    await nextTick()
    button.value?.focus()
  }

  onMounted(() => {
    document.addEventListener('pointerdown', closeOutside)
    document.addEventListener('focusin', closeOutside)
    document.addEventListener('keydown', closeOnEscape)
  })
  onBeforeUnmount(() => {
    document.removeEventListener('pointerdown', closeOutside)
    document.removeEventListener('focusin', closeOutside)
    document.removeEventListener('keydown', closeOnEscape)
  })
  return { isOpen }
}
