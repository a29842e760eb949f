import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AGENT_TOOLS } from '../../src/core/agent/tools';
import { inputSchema as schemaOf } from '../../src/cli/mcp/tool-schema';
import { ROOT } from '../support/paths';

interface ContributedTool {
  readonly name: string;
  readonly modelDescription: string;
  readonly inputSchema: object;
}

const { contributes } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
  contributes: {
    languageModelTools: ContributedTool[];
    chatSkills: { path: string }[];
    configuration: { properties: Record<string, { default: unknown; scope: string }> }[];
    mcpServerDefinitionProviders: { id: string; when: string }[];
  };
};

describe('the manifest, for agents', () => {
  it('describes the tools as the code does, with the schema of the one request', () => {
    assert.deepEqual(
      contributes.languageModelTools.map(({ name, modelDescription, inputSchema }) => ({
        ...{ name, modelDescription, inputSchema },
      })),
      AGENT_TOOLS.map(({ name, description, input }) => {
        const inputSchema = schemaOf(input);
        delete inputSchema.$schema;
        return { name, modelDescription: description, inputSchema };
      }),
    );
  });

  it('has skills named by their folders, each with a description', () => {
    assert.ok(contributes.chatSkills.length > 0);
    for (const { path: file } of contributes.chatSkills) {
      const text = readFileSync(path.join(ROOT, file), 'utf8');
      const [, front = ''] = /^---\n([^]*?)\n---\n/.exec(text) ?? [];
      const fields = new Map(
        front.split('\n').map((line) => line.split(/:\s*(.*)/, 2) as [string, string]),
      );
      assert.equal(fields.get('name'), path.basename(path.dirname(file)));
      const length = fields.get('description')?.length ?? 0;
      assert.ok(length > 20 && length <= 1024, `${length} characters`);
    }
  });

  it('offers no server until that is asked for, and lets no workspace ask', () => {
    const setting = contributes.configuration
      .map(({ properties }) => properties['easel.mcp.enabled'])
      .find((found) => found !== undefined);
    assert.deepEqual([setting?.default, setting?.scope], [false, 'machine']);
    for (const { when } of contributes.mcpServerDefinitionProviders) {
      assert.equal(when, 'config.easel.mcp.enabled');
    }
  });
});
