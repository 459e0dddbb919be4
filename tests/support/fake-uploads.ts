/** Owns the uploads of the tests of the page: the one kind of request that tells how far it is, without a network. */
import { vi } from 'vitest'

export type Sent = { name: string; text: string }

/** Stands in for the one kind of request that tells how far it is; each upload waits for `hold`, if there is one. */
export function fakeUploads(hold?: () => Promise<Response | undefined>) {
  const sent: Sent[] = []
  function FakeRequest() {
    const request = {
      ...{ upload: {} as { onprogress?: (event: object) => void }, status: 0, responseText: '', address: '' },
      ...{ onload: () => {}, onabort: () => {}, onerror: () => {}, isOver: false },
      open(_: string, address: string) {
        request.address = address
      },
      abort() {
        request.isOver = true
        request.onabort()
      },
      async send(file: File) {
        const name = new URL(request.address, location.href).searchParams.get('name') ?? ''
        request.upload.onprogress?.({ loaded: Math.floor(file.size / 2) })
        const refusal = await hold?.()
        if (request.isOver) return
        const text = await file.text()
        if (!refusal) sent.push({ name, text })
        request.status = refusal?.status ?? 200
        request.responseText = refusal ? await refusal.text() : `{"upload_id":"u${sent.length}","bytes":1}`
        request.onload()
      },
    }
    return request
  }
  vi.stubGlobal('XMLHttpRequest', FakeRequest)
  return sent
}
