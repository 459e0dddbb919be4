/** Owns what is odd about a record that is taken all the same: its text, its messages, its unknown keys. */
import type { Facts, Message } from './candidate.ts'
import { isBlank } from './decision.ts'
import type { WarningCode } from './import-problems.ts'

const ROLES = ['system', 'user', 'assistant', 'tool']
const MANY_MESSAGES = 1000
const LONG_TEXT = 65_536
const RESERVED_KEYS = ['__proto__', 'constructor', 'prototype']
/** ISO 8601, to the minute at least; without a zone where a harness writes local time. */
const MOMENT =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?$/i

export function warnAboutContent(facts: Facts, warnings: WarningCode[]): void {
  const { model_response: response, failure_reason: reason, timestamp } = facts
  if (isEmptyText(response)) warnings.push('EMPTY_RESPONSE')
  if (!response.isWellFormed()) warnings.push('LONE_SURROGATE')
  if (response.includes('\0')) warnings.push('NUL_IN_TEXT')
  if (reason !== null && reason.length > LONG_TEXT) warnings.push('LONG_TEXT')
  if (timestamp !== null && !MOMENT.test(timestamp)) warnings.push('TIMESTAMP')
  warnAboutMessages(facts.prompt_messages, warnings)
}

/** The first character decides for nearly every text there is. */
export function isEmptyText(text: string): boolean {
  const first = text.charCodeAt(0)
  return !(first > 0x20 && first < 0x7f) && isBlank(text)
}

function warnAboutMessages(messages: Message[], warnings: WarningCode[]): void {
  if (messages.length === 0) warnings.push('EMPTY_PROMPT')
  if (messages.length >= MANY_MESSAGES) warnings.push('MANY_MESSAGES')
  for (const message of messages) {
    if (!ROLES.includes(message.role)) add('UNKNOWN_ROLE', warnings)
    if (typeof message.content !== 'string') warnAboutContentOf(message, warnings)
    for (const key in message)
      if (key !== 'role' && key !== 'content') warnAboutKey(key, message[key], warnings)
  }
  if (isOddOrder(messages)) warnings.push('ROLE_ORDER')
}

function warnAboutContentOf({ content, tool_calls }: Message, warnings: WarningCode[]): void {
  if (Array.isArray(content)) add('CONTENT_PARTS', warnings)
  else if (typeof content === 'object' && content !== null) add('CONTENT_NOT_TEXT', warnings)
  else if (!Array.isArray(tool_calls)) add('CONTENT_NOT_TEXT', warnings)
  if (typeof content === 'object') warnAboutValue(content, warnings)
}

/** A system message first if at all, then one that is not the assistant's, and none of its at the end. */
function isOddOrder(messages: Message[]): boolean {
  const first = messages[0]?.role === 'system' ? 1 : 0
  if (messages[first]?.role === 'assistant' || messages.at(-1)?.role === 'assistant') return true
  for (let at = Math.max(first, 1); at < messages.length; at++)
    if (messages[at]?.role === 'system') return true
  return false
}

/** What an unknown key holds is kept as it is; what JavaScript makes of it may not be. */
export function warnAboutExtra(extra: Record<string, unknown>, warnings: WarningCode[]): void {
  for (const key in extra) warnAboutKey(key, extra[key], warnings)
}

function warnAboutKey(key: string, value: unknown, warnings: WarningCode[]): void {
  if (RESERVED_KEYS.includes(key)) add('RESERVED_KEY', warnings)
  if (key === 'tool_calls' && Array.isArray(value) && value.length > 0) add('TOOL_CALLS_NOT_SHOWN', warnings)
  warnAboutValue(value, warnings)
}

function warnAboutValue(value: unknown, warnings: WarningCode[]): void {
  if (typeof value === 'number' && !Number.isFinite(value)) add('NUMBER_OVERFLOW', warnings)
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) for (const inner of value) warnAboutValue(inner, warnings)
  else for (const [key, inner] of Object.entries(value)) warnAboutKey(key, inner, warnings)
}

/** Once for each record, however often it comes up in it. */
function add(code: WarningCode, warnings: WarningCode[]): void {
  if (!warnings.includes(code)) warnings.push(code)
}
