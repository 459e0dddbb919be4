/** Proves that content of any kind becomes text or is named. */
import { describe, expect, it } from 'vitest'
import { messageParts } from './message-parts.ts'

describe('messageParts', () => {
  it('takes text as it is', () => {
    expect(messageParts({ role: 'user', content: '  <b>hi</b>\n' })).toEqual([
      { text: '  <b>hi</b>\n', shown: true },
    ])
  })

  it('takes the text parts of a list and names the others', () => {
    const content = [
      { type: 'text', text: 'What is this?' },
      { type: 'image_url', image_url: {} },
      'and this',
      7,
      {},
    ]
    expect(messageParts({ role: 'user', content }).map((part) => part.text)).toEqual([
      'What is this?',
      '[image_url part not shown]',
      'and this',
      '7',
      '[unknown part not shown]',
    ])
  })

  it('says so when there is nothing, and names a tool call beside no text', () => {
    expect(messageParts({ role: 'assistant', content: null })).toEqual([{ text: '[no text]', shown: false }])
    expect(messageParts({ role: 'assistant', content: null, tool_calls: [{}] })).toEqual([
      { text: '[tool call part not shown]', shown: false },
    ])
  })
})
