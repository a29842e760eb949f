export { readPrompt, type PromptReading } from './read-prompt';
export { starterVocabulary, Vocabulary, type Completion, type ThingEntry } from './vocabulary';
