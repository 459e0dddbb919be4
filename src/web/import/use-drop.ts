/** Owns that files may be dropped anywhere: it is light, and only says that something is held over the page or was let go. */
import { onBeforeUnmount, onMounted, ref, shallowRef } from 'vue'

/** What can be held on to once the drop is over: the list itself is emptied with the event. */
export type Dropped = { entry: FileSystemEntry | null; file: File | null }[]

export function useDrop() {
  /** From the first file that was held over the page: what answers it is fetched then. */
  const isWanted = ref(false)
  const isOver = ref(false)
  const drops = shallowRef<Dropped[]>([])

  function hold(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes('Files')) return
    // Without this the browser opens the file in place of the page.
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
    isWanted.value = true
    isOver.value = true
  }

  /** Between two elements there is always a next one; outside of the window there is none. */
  function leave(event: DragEvent): void {
    if (event.relatedTarget === null) isOver.value = false
  }

  function drop(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    isOver.value = false
    isWanted.value = true
    const dropped = [...event.dataTransfer.items]
      .filter(({ kind }) => kind === 'file')
      .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }))
    drops.value = [...drops.value, dropped]
  }

  const listeners = { dragenter: hold, dragover: hold, dragleave: leave, drop }
  const names = Object.keys(listeners) as (keyof typeof listeners)[]
  onMounted(() => {
    for (const name of names) window.addEventListener(name, listeners[name])
  })
  onBeforeUnmount(() => {
    for (const name of names) window.removeEventListener(name, listeners[name])
  })
  return { isWanted, isOver, drops }
}
