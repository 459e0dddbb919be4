/** Owns what a hand hears and feels: quiet synthesized sounds and short pulses, both off until switched on. */
import { reactive } from 'vue'
import type { Action } from '../../domain/decision.ts'

export type Feel = 'sound' | 'vibration'
type Moment = Action | 'lift' | 'over' | 'back'
/** `noise` in place of a tone is paper; `after` and `ms` are milliseconds. */
type Note = { hz: number; to?: number; ms: number; gain: number; after?: number; noise?: true }

const KEY = 'avocet.feel'
export const canVibrate = 'vibrate' in navigator
export const feel = reactive<Record<Feel, boolean>>(storedFeel())

const NOTES: Record<Moment, Note[]> = {
  lift: [{ hz: 300, to: 420, ms: 90, gain: 0.05 }],
  over: [{ hz: 620, ms: 40, gain: 0.02 }],
  back: [{ hz: 380, to: 240, ms: 130, gain: 0.04 }],
  correct: [
    { hz: 523, ms: 140, gain: 0.05 },
    { hz: 784, ms: 220, gain: 0.04, after: 80 },
  ],
  discard: [
    { hz: 2600, to: 1400, ms: 130, gain: 0.1, noise: true },
    { hz: 1800, to: 500, ms: 150, gain: 0.12, after: 120, noise: true },
    { hz: 130, to: 90, ms: 120, gain: 0.07, after: 230 },
  ],
  flag: [
    { hz: 440, ms: 130, gain: 0.05 },
    { hz: 330, ms: 200, gain: 0.05, after: 90 },
  ],
}
const PULSES: Record<Moment, number[]> = {
  lift: [8],
  over: [5],
  back: [6],
  correct: [10, 40, 16],
  discard: [6, 30, 6, 30, 18],
  flag: [24],
}

export function feedback(moment: Moment): void {
  if (feel.vibration && canVibrate) navigator.vibrate(PULSES[moment])
  if (feel.sound) for (const note of NOTES[moment]) play(note)
}

export function switchFeel(kind: Feel): void {
  feel[kind] = !feel[kind]
  try {
    localStorage.setItem(KEY, JSON.stringify(feel))
  } catch {
    // A browser that stores nothing still keeps the choice until it is closed.
  }
  if (feel[kind]) feedback('correct')
}

function storedFeel(): Record<Feel, boolean> {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Record<Feel, unknown>>
    return { sound: stored.sound === true, vibration: stored.vibration === true }
  } catch {
    return { sound: false, vibration: false }
  }
}

let context: AudioContext | null = null

function play({ hz, to = hz, ms, gain, after = 0, noise }: Note): void {
  context ??= new AudioContext()
  const begin = context.currentTime + after / 1000
  const end = begin + ms / 1000
  const volume = context.createGain()
  volume.gain.setValueAtTime(0.0001, begin)
  volume.gain.exponentialRampToValueAtTime(gain, begin + 0.012)
  volume.gain.exponentialRampToValueAtTime(0.0001, end)
  volume.connect(context.destination)
  const { source, pitch } = noise ? paper(context, volume) : tone(context, volume)
  pitch.setValueAtTime(hz, begin)
  pitch.exponentialRampToValueAtTime(to, end)
  source.start(begin)
  source.stop(end)
}

type Voice = { source: AudioScheduledSourceNode; pitch: AudioParam }

function tone(audio: AudioContext, output: AudioNode): Voice {
  const source = audio.createOscillator()
  source.connect(output)
  return { source, pitch: source.frequency }
}

function paper(audio: AudioContext, output: AudioNode): Voice {
  const buffer = audio.createBuffer(1, audio.sampleRate / 4, audio.sampleRate)
  const samples = buffer.getChannelData(0)
  for (let index = 0; index < samples.length; index += 1) samples[index] = Math.random() * 2 - 1
  const source = audio.createBufferSource()
  const filter = audio.createBiquadFilter()
  source.buffer = buffer
  filter.type = 'bandpass'
  source.connect(filter).connect(output)
  return { source, pitch: filter.frequency }
}
