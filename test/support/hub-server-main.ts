import { branchedModel, publishedModel } from './hub-models';
import { HubServer } from './hub-server';

/**
 * Serves the test repositories to another program, such as scripts/reference/hub_cache.py: prints its address,
 * and ends when standard input does.
 */
async function main(): Promise<void> {
  const hub = await HubServer.start(publishedModel(), branchedModel());
  process.stdout.write(`${hub.url}\n`);
  process.stdin.resume();
  process.stdin.on('end', () => {
    void hub.stop().then(() => process.exit(0));
  });
}

void main();
