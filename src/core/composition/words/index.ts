export { readPrompt } from './read-prompt';
export type { PromptReading } from './reading';
export { starterVocabulary, Vocabulary, type Completion, type ThingEntry } from './vocabulary';
