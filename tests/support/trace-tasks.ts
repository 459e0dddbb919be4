/** Owns what a Chromium trace says about the page's main thread: how long its work on our moves took. */
import { readFile } from 'node:fs/promises'

type TraceEvent = {
  name: string
  ph: string
  pid: number
  tid: number
  ts: number
  dur?: number
  /** Time on the processor: what a busy machine does not stretch. */
  tdur?: number
  args: { data?: { type?: string } }
}
export type Work = { count: number; longestMs: number; longestCpuMs: number }

/** The handlers of `pointermove`, the frame callbacks, and the whole tasks in which either of them ran. */
export async function dragWork(file: string): Promise<Record<'moves' | 'frames' | 'tasks', Work>> {
  const { traceEvents } = JSON.parse(await readFile(file, 'utf8')) as { traceEvents: TraceEvent[] }
  const done = traceEvents.filter(({ ph }) => ph === 'X')
  const moves = done.filter(({ name, args }) => name === 'EventDispatch' && args.data?.type === 'pointermove')
  const frames = done.filter(({ name }) => name === 'FireAnimationFrame')
  const ours = [...moves, ...frames]
  const tasks = done.filter((task) => task.name === 'RunTask' && ours.some((part) => isWithin(part, task)))
  return { moves: workOf(moves), frames: workOf(frames), tasks: workOf(tasks) }
}

function isWithin(part: TraceEvent, task: TraceEvent): boolean {
  const isSameThread = part.pid === task.pid && part.tid === task.tid
  return isSameThread && part.ts >= task.ts && part.ts <= task.ts + (task.dur ?? 0)
}

function workOf(events: TraceEvent[]): Work {
  const longest = (times: number[]): number => Math.max(0, ...times) / 1000
  return {
    count: events.length,
    longestMs: longest(events.map(({ dur }) => dur ?? 0)),
    longestCpuMs: longest(events.map(({ tdur, dur }) => tdur ?? dur ?? 0)),
  }
}
