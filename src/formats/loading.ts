/** Owns the loading code of every consumer: what an engineer pastes beside the exported file. */
import { basename } from 'node:path'
import type { ContainerName } from '../domain/example.ts'
import type { Loading } from './format.ts'

const LOADERS: Record<ContainerName, string> = { jsonl: 'json', parquet: 'parquet', csv: 'csv' }

/** File names are data: JSON text is valid in Python, YAML and JSON alike. */
const quoted = (text: string) => JSON.stringify(text)

function dataset(file: string, as: ContainerName, features = ''): string {
  return `dataset = load_dataset("${LOADERS[as]}", data_files=${quoted(file)}, split="train"${features})`
}

/** `features`: the types of columns that the reader of JSON Lines would guess wrongly. */
type TrlPart = {
  title: string
  trainer: string
  config: string
  options: string
  comment: string
  features?: string
}

function trl({ title, trainer, config, options, comment, features }: TrlPart): Loading {
  return {
    consumer: 'trl',
    title,
    file: 'train.py',
    language: 'python',
    code: (file, as) => `from datasets import ${features ? 'Features, Value, ' : ''}load_dataset
from trl import ${config}, ${trainer}

${features ? `features = ${features}\n` : ''}${dataset(file, as, features ? ', features=features' : '')}
# ${comment}
trainer = ${trainer}(
    model="Qwen/Qwen2.5-3B-Instruct",
    args=${config}(output_dir="out"${options}),
    train_dataset=dataset,
)
trainer.train()`,
  }
}

const TRL_MESSAGES: TrlPart = {
  title: 'TRL, SFTTrainer',
  trainer: 'SFTTrainer',
  config: 'SFTConfig',
  options: ', assistant_only_loss=True, max_length=4096',
  comment: 'Without assistant_only_loss the prompts are learnt too; what is longer than max_length is cut.',
}

export const trlMessages = trl(TRL_MESSAGES)

/** A column that is null in the first 10 MB and text behind them stops the reader, unless it is told the type. */
export const trlAnnotated = trl({
  ...TRL_MESSAGES,
  features: `Features({
    "messages": [{"role": Value("string"), "content": Value("string")}],
    "failure_category": Value("string"),
})`,
})

export const trlPromptCompletion = trl({
  title: 'TRL, SFTTrainer',
  trainer: 'SFTTrainer',
  config: 'SFTConfig',
  options: ', max_length=4096',
  comment: 'Only completions are learnt. A row whose prompt fills max_length is dropped without a word.',
})

export const trlDpo = trl({
  title: 'TRL, DPOTrainer',
  trainer: 'DPOTrainer',
  config: 'DPOConfig',
  options: ', max_length=4096',
  comment: 'Each row has one prompt and two answers, as lists of messages.',
})

export const trlKto = trl({
  title: 'TRL, KTOTrainer',
  trainer: 'KTOTrainer',
  config: 'KTOConfig',
  options: ', max_length=4096',
  comment: 'With many more rows of one label, set desirable_weight or undesirable_weight.',
})

function axolotl(title: string, settings: string): Loading {
  return {
    consumer: 'axolotl',
    title,
    file: 'config.yaml',
    language: 'yaml',
    code: (file, as) => settings.replace('PATH', () => `path: ${quoted(file)}\n    ds_type: ${LOADERS[as]}`),
  }
}

export const axolotlMessages = axolotl(
  'Axolotl',
  `datasets:
  - PATH
    type: chat_template
    field_messages: messages
    roles_to_train: ["assistant"]
    train_on_eos: turn
# Longer examples are dropped without an error.
sequence_len: 4096`,
)

export const axolotlShareGpt = axolotl(
  'Axolotl',
  `datasets:
  - PATH
    type: chat_template
    field_messages: conversations
    message_property_mappings:
      role: from
      content: value
    roles_to_train: ["assistant"]
    train_on_eos: turn
# Longer examples are dropped without an error.
sequence_len: 4096`,
)

export const axolotlDpo = axolotl(
  'Axolotl, DPO',
  `rl: dpo
datasets:
  - PATH
    type: chat_template.default
    field_messages: messages
    field_chosen: chosen
    field_rejected: rejected`,
)

function llamaFactory(title: string, name: string, entry: object): Loading {
  return {
    consumer: 'llama-factory',
    title,
    file: 'dataset_info.json',
    language: 'json',
    // The file lies beside dataset_info.json, in the folder of data sets.
    code: (file) => JSON.stringify({ [name]: { file_name: basename(file), ...entry } }, null, 2),
  }
}

/** Without the tags LLaMA-Factory looks for `from`; without the system tag it drops rows with a system prompt. */
const ROLE_TAGS = {
  role_tag: 'role',
  content_tag: 'content',
  user_tag: 'user',
  assistant_tag: 'assistant',
  system_tag: 'system',
}

export const llamaFactoryMessages = llamaFactory('LLaMA-Factory', 'avocet_sft', {
  formatting: 'sharegpt',
  columns: { messages: 'messages' },
  tags: ROLE_TAGS,
})

export const llamaFactoryShareGpt = llamaFactory('LLaMA-Factory', 'avocet_sharegpt', {
  formatting: 'sharegpt',
  columns: { messages: 'conversations' },
  tags: {
    role_tag: 'from',
    content_tag: 'value',
    user_tag: 'human',
    assistant_tag: 'gpt',
    system_tag: 'system',
  },
})

export const llamaFactoryDpo = llamaFactory('LLaMA-Factory, DPO', 'avocet_dpo', {
  ranking: true,
  formatting: 'sharegpt',
  columns: { messages: 'messages', chosen: 'chosen', rejected: 'rejected' },
  tags: ROLE_TAGS,
})

function openai(title: string, method: string): Loading {
  return {
    consumer: 'openai',
    title,
    file: 'finetune.py',
    language: 'python',
    code: (file) => `from openai import OpenAI

client = OpenAI()
uploaded = client.files.create(file=open(${quoted(file)}, "rb"), purpose="fine-tune")
job = client.fine_tuning.jobs.create(
    model="gpt-4.1-mini-2025-04-14",
    training_file=uploaded.id,
    method=${method},
)
print(job.id)`,
  }
}

export const openaiUpload = openai('OpenAI, supervised fine-tuning', '{"type": "supervised"}')
export const openaiDpoUpload = openai('OpenAI, direct preference optimisation', '{"type": "dpo"}')

export const togetherUpload: Loading = {
  consumer: 'together',
  title: 'Together',
  file: 'shell',
  language: 'shell',
  code: (file) => `together files check ${shellQuoted(file)}\ntogether files upload ${shellQuoted(file)}`,
}

function shellQuoted(text: string): string {
  return /^[\w./-]+$/.test(text) && !text.startsWith('-') ? text : `'${text.replaceAll("'", "'\\''")}'`
}

function unsloth(code: (dataset: string) => string): Loading {
  return {
    consumer: 'unsloth',
    title: 'Unsloth',
    file: 'train.py',
    language: 'python',
    code: (file, as) => code(dataset(file, as)),
  }
}

export const unslothMessages = unsloth(
  (load) => `from datasets import load_dataset
from trl import SFTConfig, SFTTrainer

${load}

# Unsloth does not read a bare "messages" column by itself.
def formatting_func(rows):
    return [tokenizer.apply_chat_template(messages, tokenize=False) for messages in rows["messages"]]

trainer = SFTTrainer(
    model=model,
    processing_class=tokenizer,
    args=SFTConfig(output_dir="out"),
    train_dataset=dataset,
    formatting_func=formatting_func,
)
trainer.train()`,
)

export const unslothPromptCompletion = unsloth(
  (load) => `from datasets import load_dataset
from trl import SFTConfig, SFTTrainer

${load}
trainer = SFTTrainer(
    model=model,
    processing_class=tokenizer,
    args=SFTConfig(output_dir="out"),
    train_dataset=dataset,
)
trainer.train()`,
)

export const unslothShareGpt = unsloth(
  (load) => `from datasets import load_dataset
from trl import SFTConfig, SFTTrainer
from unsloth.chat_templates import standardize_sharegpt

${load}
dataset = standardize_sharegpt(dataset)

def to_text(rows):
    conversations = rows["conversations"]
    return {"text": [tokenizer.apply_chat_template(turns, tokenize=False) for turns in conversations]}

dataset = dataset.map(to_text, batched=True)
trainer = SFTTrainer(
    model=model,
    processing_class=tokenizer,
    args=SFTConfig(output_dir="out", dataset_text_field="text"),
    train_dataset=dataset,
)
trainer.train()`,
)
