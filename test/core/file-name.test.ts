import assert from 'node:assert/strict';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { visit } from 'unist-util-visit';
import { imageFileName, isPortableName, numberedPath } from '../../src/core/file-name';
import { escapeLink, markdownImage } from '../../src/core/markdown-image';

describe('names of image files', () => {
  const stem = (prompt: string) => imageFileName(prompt, 'webp').replace(/\.webp$/, '');

  it('keep the letters of every script, in NFC', () => {
    const same: [string, string][] = [
      ['고양이', '고양이'],
      ['고양이'.normalize('NFD'), '고양이'],
      ['パンダ と ガラス', 'パンダ-と-ガラス'],
      ['ﾊﾟﾝﾀﾞ', 'パンダ'],
      ['हिन्दी बिल्ली', 'हिन्दी-बिल्ली'],
      ['தமிழ் பூனை', 'தமிழ்-பூனை'],
      ['বিড়াল', 'বিড়াল'.normalize('NFC')],
      ['แมวน้ำ', 'แมวน้ำ'],
      ['ຫມາ ນ້ຳ', 'ຫມາ-ນ້ຳ'],
      ['зелёный чай', 'зелёный-чай'],
      ['Київ їжак', 'київ-їжак'],
      ['ΟΔΌΣ άνθρωπος', 'οδός-άνθρωπος'],
      ['قِطَّة', 'قِطَّة'.normalize('NFC')],
      ['می‌خواهم', 'می‌خواهم'],
      ['שָׁלוֹם', 'שָׁלוֹם'.normalize('NFC')],
      ['ශ්‍රී ලංකා', 'ශ්‍රී-ලංකා'],
      ['猫と葛\u{e0100}飾', '猫と葛飾'],
    ];
    for (const [prompt, wanted] of same) {
      assert.equal(stem(prompt), wanted);
      assert.equal(stem(prompt), stem(prompt).normalize('NFC'));
      assert.equal(stem(prompt.normalize('NFD')), wanted, 'as macOS writes it');
    }
  });

  it('have plain Latin letters and digits', () => {
    const cases: [string, string][] = [
      ['Crème Brûlée!', 'creme-brulee'],
      ['cà phê sữa đá', 'ca-phe-sua-đa'],
      ['İstanbul STRAẞE', 'istanbul-straße'],
      ['ﬁne Ａ① x²', 'fine-a1-x2'],
      ['a\u200dcat\u200b don’t', 'acat-don-t'],
      ['two 🐱 cats 1️⃣ 👨‍👩‍👧', 'two-cats-1'],
      ['🐱', 'picture'],
      ['../../etc/passwd', 'etc-passwd'],
      ['', 'picture'],
    ];
    for (const [prompt, wanted] of cases) assert.equal(stem(prompt), wanted);
  });

  it('fit every file system, and are cut between whole letters', () => {
    const long = ['x', '猫', 'แม่น้ำ', 'क्षि', '각', '𠮷', 'ж̄', 'ශ්‍රී'].map((part) => part.repeat(200));
    for (const prompt of long) {
      const name = imageFileName(prompt, 'webp', 99_999);
      assert.ok(Buffer.byteLength(name) <= 255 && name.length <= 255, name);
      const segments = (text: string) => [...new Intl.Segmenter('und').segment(text)].length;
      const [kept = ''] = name.split('-99999');
      const compact = prompt.normalize('NFC').replaceAll(' ', '');
      const rest = compact.slice(kept.replaceAll('-', '').length);
      assert.equal(segments(kept.replaceAll('-', '')) + segments(rest), segments(compact), name);
    }
    assert.equal(imageFileName(`क${'्'.repeat(400)}`, 'webp'), 'picture.webp');
  });

  it('are never the name of a device', () => {
    for (const name of ['con', 'NUL', 'com1', 'lpt9', 'aux', 'CONIN$']) {
      assert.ok(!isPortableName(name) && !isPortableName(`${name}.png`), name);
      assert.ok(isPortableName(imageFileName(name, 'webp')), name);
      assert.ok(isPortableName(imageFileName(name, 'webp', 7)), name);
    }
    assert.equal(imageFileName('con', 'png'), 'con-image.png');
    assert.equal(imageFileName('con', 'png', 7), 'con-7.png');
    assert.equal(imageFileName('com 1', 'svg'), 'com-1.svg');
  });

  it('tell of the prompt and the format, and of no seed', () => {
    assert.equal(imageFileName('a red apple', 'webp'), 'a-red-apple.webp');
    assert.equal(imageFileName('a red apple', 'jpeg', 2), 'a-red-apple-2.jpg');
  });

  it('are cut at a word where the prompt is long', () => {
    const prompt = 'A hero image of a lighthouse on a cliff above the stormy sea at night';
    assert.equal(stem(prompt), 'a-hero-image-of-a-lighthouse-on-a-cliff-above');
  });

  it('are numbered before the ending', () => {
    assert.equal(numberedPath('docs/a.b.png', 2), 'docs/a.b-2.png');
    assert.equal(numberedPath('docs.d/a', 1), 'docs.d/a-1');
  });

  it('make links that Markdown and addresses read back', () => {
    for (const prompt of ['고양이', 'パンダ', 'हिन्दी', 'می‌خواهم', 'зелёный чай', 'ශ්‍රී', 'Crème']) {
      const name = imageFileName(prompt, 'webp', 2);
      const found: string[] = [];
      visit(fromMarkdown(markdownImage(escapeLink(`assets/${name}`), prompt)), 'image', (node) => {
        found.push(decodeURIComponent(node.url));
        assert.equal(node.alt, prompt);
      });
      assert.deepEqual(found, [`assets/${name}`]);
      const url = new URL(escapeLink(name), 'https://example.org/');
      assert.equal(decodeURIComponent(url.pathname), `/${name}`);
    }
  });

  it('keep an alternative text in one line', () => {
    assert.equal(markdownImage('a.png', 'a\n# b\r\n\u001b[31mc'), '![a # b c](a.png)');
  });
});
