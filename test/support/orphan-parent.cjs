// Starts an engine on a long job, prints its process id, and waits to be killed.
require('tsx/cjs');
const { localEngine } = require('../../src/client/local');

const [, , engine, model] = process.argv;
const client = localEngine({ module: engine });
const request = {
  prompt: 'a cat',
  model,
  steps: 900,
  width: 32,
  height: 32,
  numImages: 100,
  device: 'cpu',
};
client
  .call('generate', { request }, { onEvent: () => process.stdout.write(`${client.pid}\n`) })
  .catch(() => undefined);
