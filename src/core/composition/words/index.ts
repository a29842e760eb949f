export { readPrompt } from './read-prompt';
export type { PromptReading } from './reading';
export { starterVocabulary } from './vocabulary';
