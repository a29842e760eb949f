import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import fc from 'fast-check';
import { CLI } from '../support/cli';
import { fuzzRuns } from '../support/fuzz';
import { tempFolder } from '../support/temp-folder';
import { until } from '../support/until';

/** Arguments of the tools, of which none is enough to draw: there is never a prompt that says something. */
const input = fc.oneof(
  fc.jsonValue(),
  fc.record(
    {
      prompt: fc.oneof(fc.constantFrom('', '  ', null, 5), fc.array(fc.jsonValue())),
      ...{
        path: fc.jsonValue(),
        image: fc.jsonValue(),
        model: fc.jsonValue(),
        count: fc.jsonValue(),
      },
      ...{ strength: fc.jsonValue(), temporary: fc.jsonValue(), width: fc.jsonValue() },
    },
    { requiredKeys: [] },
  ),
);

const method = fc.oneof(
  fc.constantFrom('tools/call', 'tools/list', 'ping', 'resources/list', 'notifications/cancelled'),
  fc.string(),
);
const line = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', ' ')),
  fc.json(),
  fc
    .record(
      {
        jsonrpc: fc.constantFrom('2.0', '1.0'),
        id: fc.oneof(fc.integer(), fc.string(), fc.jsonValue()),
        method,
        params: fc.oneof(
          fc.record({
            name: fc.constantFrom('generate_image', 'edit_image', 'list_image_models', 'x'),
            arguments: input,
          }),
          fc.jsonValue(),
        ),
        result: fc.jsonValue(),
      },
      { requiredKeys: ['jsonrpc'] },
    )
    .map((message) => JSON.stringify(message)),
);

describe('easel mcp, whatever it is sent', () => {
  const folder = tempFolder();
  let server: ChildProcessWithoutNullStreams;
  let answers = '';
  let ended = false;

  before(() => {
    server = spawn(process.execPath, [CLI, 'mcp'], { cwd: folder });
    server.stdout.setEncoding('utf8').on('data', (text: string) => (answers += text));
    server.on('close', () => (ended = true));
  });
  after(() => server.kill());

  it('answers the next request, writes messages only, and saves nothing', async () => {
    let asked = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 5 }), async (lines) => {
        asked += 1;
        answers = '';
        const id = `ping-${asked}`;
        const ping = JSON.stringify({ jsonrpc: '2.0', id, method: 'ping' });
        server.stdin.write(`${[...lines, ping].join('\n')}\n`);
        await until('an answer', () => ended || answers.includes(`"${id}"`));
        assert.ok(!ended, 'the server has ended');
        for (const text of answers.slice(0, answers.lastIndexOf('\n')).split('\n')) {
          assert.equal((JSON.parse(text) as { jsonrpc: unknown }).jsonrpc, '2.0');
        }
        assert.deepEqual(readdirSync(folder), []);
      }),
      { numRuns: fuzzRuns(100) },
    );
  });
});
