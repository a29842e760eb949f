import { strict as assert } from 'node:assert';
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
});
