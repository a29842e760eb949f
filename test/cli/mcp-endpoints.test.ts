import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { runCli } from '../support/cli';
import { EndpointServer, flatPng } from '../support/endpoint-server';
import { openMcp, type McpSession } from '../support/mcp-client';
import { tempFolder } from '../support/temp-folder';

describe('easel mcp with endpoints', () => {
  const folder = tempFolder();
  const project = path.join(folder, 'project');
  const env = { EASEL_CONFIG: path.join(folder, 'config'), EASEL_KEY_DESK: 'k-1' };
  let server: EndpointServer;
  let mcp: McpSession;

  const image = async () => ({
    body: { data: [{ b64_json: (await flatPng(64, 64)).toString('base64') }] },
  });
  before(async () => {
    mkdirSync(project);
    server = await EndpointServer.start({
      'GET /v1/models': ({ headers }) =>
        headers.authorization === 'Bearer k-1'
          ? { body: { data: [{ id: 'painter' }, { id: 'drawer' }] } }
          : { status: 401 },
      'POST /v1/images/generations': image,
      'POST /v1/images/edits': image,
    });
    const add = (name: string, url: string) =>
      runCli(['endpoints', 'add', name, url, '--protocol', 'openai'], env);
    await add('desk', `${server.url}/v1`);
    await add('far', 'http://gpu.example');
    mcp = await openMcp({ cwd: project, env, args: ['--model', 'drawer@desk'] });
  });
  after(async () => {
    await mcp.close();
    server.close();
  });

  it('lists the models of those that the user has agreed to', async () => {
    const { text } = await mcp.call('list_image_models', {});
    const { host } = new URL(server.url);
    assert.match(
      text,
      new RegExp(`Models at ${host}, to which prompts and images are sent \\(2\\)`),
    );
    assert.match(text, /- painter@desk\n- drawer@desk \(default\)\n/);
    assert.doesNotMatch(text, /gpu\.example|k-1/);
  });

  it('draws and edits with them', async () => {
    const drawn = await mcp.call('generate_image', {
      ...{ prompt: 'a fox', model: 'painter@desk', path: 'fox.png' },
    });
    assert.equal(drawn.isError, false, drawn.text);
    assert.match(drawn.text, /fox\.png/);
    assert.equal(drawn.images.length, 1);
    const edited = await mcp.call('edit_image', { prompt: 'a red fox', image: 'fox.png' });
    assert.equal(edited.isError, false, edited.text);
    const [generation] = server.to('POST /v1/images/generations');
    assert.equal(generation?.json().model, 'painter');
    const [edit] = server.to('POST /v1/images/edits');
    assert.match(edit!.body.toString('latin1'), /drawer/);
  });

  it('knows no model that is not listed', async () => {
    for (const model of ['other@desk', 'painter@none', 'painter@far']) {
      const { isError, text } = await mcp.call('generate_image', { prompt: 'a fox', model });
      assert.ok(isError);
      assert.match(text, /is not an id that list_image_models gives/);
    }
  });
});
