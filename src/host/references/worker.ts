import { parentPort } from 'node:worker_threads';
import { referencesIn } from './references';
import type { ReadText, WorkerMessage } from './worker-messages';

// The thread that parses documents: however long one takes, the editor's extensions go on.
const port = parentPort;
if (!port) throw new Error('This is the code of a worker thread.');

const post = (message: WorkerMessage) => port.postMessage(message);
port.on('message', ({ syntax, text }: ReadText) => {
  try {
    post({ references: referencesIn(syntax, text) });
  } catch (thrown) {
    post({ failure: thrown instanceof Error ? thrown.message : String(thrown) });
  }
});
post('ready');
