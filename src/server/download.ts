/** Owns answers that are files: streamed as fast as the reader takes them. */

/** The first piece is read before the answer begins: what fails there is still an answer with a status. */
export async function download(
  chunks: AsyncGenerator<Uint8Array>,
  name: string,
  type: string,
): Promise<Response> {
  const first = await chunks.next()
  return new Response(toStream(first, chunks), {
    headers: {
      'Content-Type': type,
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'no-store',
    },
  })
}

/** Pulled by the reader: a slow download holds back the database, not the memory. */
function toStream(
  first: IteratorResult<Uint8Array>,
  rest: AsyncGenerator<Uint8Array>,
): ReadableStream<Uint8Array> {
  let next: Promise<IteratorResult<Uint8Array>> | undefined = Promise.resolve(first)
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await (next ?? rest.next())
      next = undefined
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await rest.return(undefined)
    },
  })
}
