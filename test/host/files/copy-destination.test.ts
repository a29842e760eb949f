import { strict as assert } from 'node:assert';
import { SlowPatternError } from '../../../src/host/files/bounded-pattern';
import { copyDestination } from '../../../src/host/files/copy-destination';

const context = {
  document: '/w/docs/guide.md',
  workspace: '/w',
  workspaceFolders: ['/v', '/w'],
};
const put = (setting: unknown) => copyDestination(setting, 'apple.png', context);

describe('markdown.copyFiles.destination', () => {
  it('puts files where the first glob that matches says', () => {
    assert.equal(put({ '*.txt': 'no/', '*.md': 'images/' }), '/w/docs/images/apple.png');
    assert.equal(put({ '**/docs/*': 'a/', '*.md': 'b/' }), '/w/docs/a/apple.png');
    assert.equal(put({ '/docs/**': '/static/' }), '/w/static/apple.png');
    assert.equal(put({ '/other/**': 'no/' }), undefined);
  });

  it('takes an empty destination for the folder of the document', () => {
    assert.equal(put({ '*': '' }), '/w/docs/apple.png');
  });

  it('fills every variable', () => {
    const filled = (text: string) => put({ '*': text });
    assert.equal(filled('${documentBaseName}/${fileName}'), '/w/docs/guide/apple.png');
    assert.equal(filled('/img/${documentRelativeDirName}/'), '/w/img/docs/apple.png');
    assert.equal(filled('${documentFileName}-${fileName}'), '/w/docs/guide.md-apple.png');
    assert.equal(filled('x.${documentExtName}.${fileExtName}'), '/w/docs/x.md.png');
    assert.equal(filled('${documentDirName}/y.png'), '/w/docs/y.png');
    assert.equal(filled('${documentFilePath}.png'), '/w/docs/guide.md.png');
    assert.equal(filled('${documentWorkspaceFolder}/z.png'), '/w/z.png');
    assert.match(filled('${unixTime}.png') ?? '', /^\/w\/docs\/\d{13}\.png$/);
    assert.match(filled('${isoTime}.png') ?? '', /^\/w\/docs\/\d{4}-\d\d-\d\dT[\d:.]+Z\.png$/);
    assert.equal(filled('${unknown}/a.png'), '/w/docs/${unknown}/a.png');
    assert.equal(filled('\\${fileName}'), '/w/docs/${fileName}');
  });

  it('transforms variables by regular expressions', () => {
    assert.equal(put({ '*': '${fileName/(.)(.*)/$1/}.png' }), '/w/docs/a.png');
    assert.equal(put({ '*': '${documentDirName/.*\\/(.*)/$1/}/x.png' }), '/w/docs/docs/x.png');
    assert.equal(put({ '*': '${fileName/(/x/}' }), '/w/docs/apple.png');
  });

  it('is not there where it is no table of texts', () => {
    for (const setting of [undefined, null, 'x', 3, {}, { '*': 5 }]) {
      assert.equal(put(setting), undefined);
    }
  });

  it('interrupts a glob or a transform that would take for ever', () => {
    const long = { ...context, document: `/w/${'a'.repeat(60)}!.md` };
    const settings = [
      { '*': '${documentBaseName/^(a+)+$/x/}/' },
      { '*': '${documentBaseName/^(a|a)*$/x/}/' },
      { '*': 'ok-${fileName}-${documentFilePath/(\\w+\\s?)+;$/x/}' },
      { '+(+(+(a)))b.md': 'x/' },
    ];
    for (const setting of settings.slice(0, 2)) {
      assert.throws(() => copyDestination(setting, 'a.png', long), SlowPatternError);
    }
    // The others are only to end: whether their patterns are slow is up to the libraries.
    for (const setting of settings.slice(2)) {
      try {
        copyDestination(setting, 'a.png', long);
      } catch (thrown) {
        assert.ok(thrown instanceof SlowPatternError);
      }
    }
  });

  it('does not read what is longer than a setting is', () => {
    assert.equal(put({ '*': `${'x'.repeat(5000)}/` }), undefined);
    assert.equal(put({ ['*'.repeat(5000)]: 'x/' }), undefined);
  });
});
