/** Owns the rules that nearly all consumers share, so that a consumer's file says what is its own. */
import { columnNullFirst, typesDiffer } from './column-checks.ts'
import { error, type Rule, warning } from './consumer.ts'
import { duplicate, noLines, shapesMixed, twoAnswers } from './file-checks.ts'
import { invalidJson, loneSurrogate, notObject } from './raw-checks.ts'
import type { Shape } from './shape.ts'
import { partKind, shapeUnknown } from './shape-checks.ts'
import { contentNotText, hiddenCharacters, lostCharacter, saysNone, templateMarker } from './text-checks.ts'

/** All but kto, where two answers to one prompt are the point. */
const ONE_ANSWER: Shape[] = [
  ...(['messages', 'prompt-completion', 'conversations'] as const),
  ...(['trl-dpo', 'openai-dpo', 'llama-factory-dpo'] as const),
]

/** What can be read at all. */
export const READABLE: Rule[] = [
  error(invalidJson, 'every line must be JSON of its own'),
  error(notObject, 'there is nothing to learn from in it'),
  error(loneSurrogate, 'readers stop at it'),
  error(noLines, 'training stops before it begins'),
]

export const BASE: Rule[] = [
  ...READABLE,
  error(shapeUnknown, 'this consumer finds no messages'),
  error(partKind, 'this consumer does not read it so'),
  error(shapesMixed, 'a file has one shape for all of its lines'),
  error(contentNotText, 'these rules are for text alone'),
  warning(templateMarker, 'the model would learn to write the markers itself'),
  warning(hiddenCharacters, 'the model would learn to write them'),
  warning(lostCharacter, 'the model would learn to write it'),
  warning(saysNone, 'the model would learn to say it'),
  warning(duplicate, 'it counts twice in the training'),
  warning(twoAnswers, 'the model learns both', ONE_ANSWER),
]

/** For whoever reads files through Hugging Face `load_dataset`. */
export const LOAD_DATASET: Rule[] = [
  error(columnNullFirst, 'load_dataset takes the column for null, and stops at the first text'),
  warning(typesDiffer, 'older versions of load_dataset stop here'),
]
