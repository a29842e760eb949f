// Starts an engine on a long job, prints its process id, and waits to be killed.
import { openEngine } from '../../src/client/open';

const [engine = '', model = ''] = process.argv.slice(2);
const client = openEngine({ module: engine });
const request = {
  prompt: 'a cat',
  model,
  steps: 900,
  width: 32,
  height: 32,
  numImages: 100,
  device: 'cpu' as const,
};
client
  .call('generate', { request }, { onEvent: () => process.stdout.write(`${client.pid}\n`) })
  .catch(() => undefined);
