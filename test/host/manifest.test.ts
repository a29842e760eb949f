import { strict as assert } from 'node:assert';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { toJsonSchema, type JsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { requestField } from '../../src/core/request/fields';
import { SETTING_FIELDS } from '../../src/core/request/settings';
import { DEFAULT_STYLES } from '../../src/core/request/default-styles';
import { StyleEntrySchema } from '../../src/core/request/styles';
import { COMMAND_IDS } from '../../src/host/command-ids';
import { DOCUMENT_ENDINGS, LANGUAGES } from '../../src/host/languages';
import { STUDIO_STRINGS } from '../../src/protocol/studio-strings';
import { ROOT } from '../support/paths';

const read = (name: string) => readFileSync(path.join(ROOT, name), 'utf8');
const table = (name: string) => JSON.parse(read(name)) as Record<string, string>;

interface Setting extends JsonSchema {
  readonly scope?: string;
  readonly markdownDescription?: string;
}

const manifestText = read('package.json');
const manifest = JSON.parse(manifestText) as {
  icon: string;
  activationEvents: string[];
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: {
    commands: { command: string; category: string }[];
    languages: { id: string; extensions: string[] }[];
    keybindings: { command: string; key: string; mac: string; when: string }[];
    submenus: { id: string; label: string }[];
    menus: Record<string, { command?: string; submenu?: string; when?: string }[]>;
    configuration: { title: string; properties: Record<string, Setting> }[];
    walkthroughs: { steps: { id: string; media: { image: string } }[] }[];
  };
};

function sources(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(folder, name));
}

/** Every setting, of all groups. */
const settings = Object.assign(
  {},
  ...manifest.contributes.configuration.map(({ properties }) => properties),
) as Record<string, Setting>;

/** The texts the host hands to VS Code's translation. */
function hostTexts(): Set<string> {
  const texts = new Set<string>(Object.values(STUDIO_STRINGS));
  for (const source of sources('src/host')) {
    for (const [, , text] of read(source).matchAll(/\bt\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g)) {
      if (text) texts.add(text.replace(/\\(.)/g, '$1'));
    }
  }
  return texts;
}

/** What a schema says about values: their type and limits, without the words for users. */
function valuesOf(schema: JsonSchema): JsonSchema {
  const { type, enum: choices, minimum, maximum, minLength, maxLength } = schema;
  const said = { type, enum: choices, minimum, maximum, minLength, maxLength };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

const jsonSchemaOf = (schema: GenericSchema) => toJsonSchema(schema, { errorMode: 'ignore' });

/** The `{0}` and `${x}` of a text, which a translation has to keep. */
function placeholders(text: string): string[] {
  return [...text.matchAll(/\$?\{\w+\}|\(command:[\w.]+\)|`[^`]+`/g)]
    .map(([found]) => found)
    .sort();
}

describe('the manifest', () => {
  const english = table('package.nls.json');
  const chinese = table('package.nls.zh-cn.json');

  it('has every text in English and Chinese, and no other', () => {
    const used = [...manifestText.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key ?? '');
    assert.deepEqual([...new Set(used)].sort(), Object.keys(english).sort());
    assert.deepEqual(Object.keys(chinese).sort(), Object.keys(english).sort());
    for (const [key, text] of Object.entries(english)) {
      assert.deepEqual(placeholders(chinese[key] ?? ''), placeholders(text), key);
    }
  });

  it('translates every text of the host', () => {
    const bundle = table('l10n/bundle.l10n.zh-cn.json');
    assert.deepEqual(Object.keys(bundle).sort(), [...hostTexts()].sort());
    for (const [text, translated] of Object.entries(bundle)) {
      assert.deepEqual(placeholders(translated), placeholders(text), text);
      assert.notEqual(translated, '', text);
    }
  });

  it('names commands in menus that exist, all in one category', () => {
    const { commands, menus } = manifest.contributes;
    const known = new Set(commands.map(({ command }) => command));
    assert.deepEqual([...known].sort(), [...COMMAND_IDS].sort());
    const entries = Object.values(menus).flat();
    for (const { command } of entries) assert.ok(!command || known.has(command), command);
    for (const { category } of commands) assert.equal(category, 'Easel');
  });

  it('has a default for every setting, and keeps untrusted workspaces from those that name files', () => {
    for (const [name, setting] of Object.entries(settings)) {
      assert.ok('default' in setting, name);
      assert.ok(setting.scope, name);
    }
    const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
    for (const name of ['model', 'hfHome', 'nodePath', 'saveFolder']) {
      assert.ok(restricted.includes(`easel.${name}`), name);
    }
  });

  it('is activated by the documents that Easel reads, and offers links where it can write them', () => {
    const { activationEvents, contributes } = manifest;
    const entries = Object.entries(LANGUAGES);
    // VS Code has no language for notebooks' files; their cells are Markdown.
    const reads = entries.map(([id]) => id).filter((id) => id !== 'ipynb');
    const activating = activationEvents
      .filter((event) => event.startsWith('onLanguage:'))
      .map((event) => event.slice('onLanguage:'.length));
    assert.deepEqual(activating.sort(), reads.sort());

    const linked = (styles?: readonly string[]) =>
      entries
        .filter(([, language]) => 'link' in language && (styles?.includes(language.link) ?? true))
        .map(([id]) => id)
        .sort();
    const whens = (menu: string, command: string) =>
      (contributes.menus[menu] ?? [])
        .filter((entry) => entry.command === command)
        .map(({ when = '' }) => when);
    const named = (when: string) =>
      [...when.matchAll(/editorLangId =~ \/\^\(([\w|]+)\)\$\//g)]
        .flatMap(([, ids = '']) => ids.split('|'))
        .sort();
    for (const when of whens('editor/context', 'easel.generateImage')) {
      assert.deepEqual(named(when), linked());
    }
    const markdown = linked(['markdown', 'mdx']);
    const insert = ['commandPalette', 'editor/context'].flatMap((menu) =>
      whens(menu, 'easel.insertImage'),
    );
    assert.equal(insert.length, 2);
    for (const when of insert) assert.deepEqual(named(when), markdown);

    const [folder = ''] = whens('easel.explorer', 'easel.drawAllMissing');
    const pattern = /resourceExtname =~ \/(.*)\/i$/.exec(folder)?.[1];
    assert.ok(pattern !== undefined);
    for (const ending of DOCUMENT_ENDINGS) assert.match(`.${ending}`, new RegExp(pattern, 'i'));
    assert.doesNotMatch('.txt', new RegExp(pattern, 'i'));
  });

  it('knows languages that VS Code itself does not, by the endings that are read', () => {
    for (const { id, extensions } of manifest.contributes.languages) {
      const known: Readonly<Record<string, { endings: readonly string[] }>> = LANGUAGES;
      assert.deepEqual(
        extensions,
        known[id]?.endings.map((ending) => `.${ending}`),
        id,
      );
    }
  });

  it('has a setting for each request field that takes one, with its default and limits', () => {
    for (const field of SETTING_FIELDS) {
      const setting = settings[`easel.${field}`];
      assert.ok(setting, `package.json lacks the setting easel.${field}`);
      const { schema, default: usual } = requestField(field);
      assert.deepEqual(setting.default, usual ?? null, field);
      assert.equal(setting.markdownDescription, `%setting.${field}%`);
      const wanted = valuesOf(jsonSchemaOf(schema));
      // `null` leaves the choice to the model; an empty text counts as not set.
      const type = usual === undefined ? [wanted.type, 'null'] : wanted.type;
      delete wanted.minLength;
      assert.deepEqual(valuesOf(setting), { ...wanted, type }, field);
    }
  });

  it('has the limits of a request in the setting of styles', () => {
    const style = settings['easel.styles']?.additionalProperties as JsonSchema;
    const limits = (schema: JsonSchema) =>
      Object.entries(schema.properties ?? {}).map(([name, value]) => [
        name,
        valuesOf(value as JsonSchema),
      ]);
    const wanted = jsonSchemaOf(StyleEntrySchema);
    assert.deepEqual(limits(style), limits(wanted));
    assert.deepEqual(style.required, wanted.required);
  });

  it('draws first in the walkthrough, and shows small images that exist', () => {
    const steps = manifest.contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
    assert.deepEqual(
      steps.map(({ id }) => id),
      ['draw', 'missing', 'sketch', 'insert', 'model'],
    );
    for (const { media } of steps) {
      assert.match(media.image, /\.webp$/);
      assert.ok(statSync(path.join(ROOT, media.image)).size <= 40_000, media.image);
    }
    assert.ok(existsSync(path.join(ROOT, manifest.icon)));
  });

  it('has the entries of the Explorer in one submenu, and one key for drawing', () => {
    const { menus, submenus, keybindings } = manifest.contributes;
    assert.deepEqual(submenus, [{ id: 'easel.explorer', label: 'Easel' }]);
    for (const menu of ['explorer/context', 'editor/title/context']) {
      const [entry, ...others] = menus[menu] ?? [];
      assert.equal(entry?.submenu, 'easel.explorer');
      assert.deepEqual(others, []);
      // It is offered wherever one of its entries is.
      for (const { when = '' } of menus['easel.explorer'] ?? []) {
        const endings = [...when.matchAll(/\(([a-z?|]+)\)\$/g)].flatMap(([, all = '']) =>
          all.split('|'),
        );
        for (const ending of endings) assert.ok(entry.when?.includes(ending), ending);
      }
    }
    assert.deepEqual(
      keybindings.map(({ command, key, mac }) => [command, key, mac]),
      [['easel.generateImage', 'ctrl+alt+g', 'cmd+alt+g']],
    );
  });

  it('groups the settings, suggests the styles, and writes no null for users', () => {
    for (const { title } of manifest.contributes.configuration) assert.match(title, /^%settings\./);
    assert.deepEqual(
      settings['easel.style']?.examples,
      DEFAULT_STYLES.map(({ name }) => name),
    );
    for (const { name } of DEFAULT_STYLES) {
      assert.ok(english['setting.style']?.includes(`\`${name}\``), name);
    }
    for (const texts of [english, chinese]) {
      for (const [key, text] of Object.entries(texts)) assert.doesNotMatch(text, /\bnull\b/, key);
    }
  });
});
