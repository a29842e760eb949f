import assert from 'node:assert/strict';
import { referencesIn } from '../../../src/host/references/references';
import { finds, found } from './found';

describe('images that AsciiDoc names', () => {
  finds('asciidoc', [
    ['image::a.png[A cat,300,200]', 'a.png "A cat" 300x200'],
    ['image::sun set.jpg["Sun, set",width=50%,height=20]', 'sun set.jpg "Sun, set" ?x20'],
    [':imagesdir: ./img\n\nimage::a.png[] image:/b.png[]', 'img/a.png as a.png', '/b.png'],
    [':imagesdir: {docdir}/img\n\nimage::a.png[]', '{docdir}/img/a.png computed as a.png'],
    [':imagesdir: https://x.y/img\n\nimage::a.png[]\n\n:imagesdir!:\n\nimage::b.png[]', 'b.png'],
    [
      ':hero: h.png\n:page-image: social.png\n\nText image:{hero}[icon,width=16] and image:{no}.png[]',
      'social.png',
      'h.png "icon" 16x? as {hero}',
      '{no}.png computed',
    ],
    [
      '.A sunset\n[#i,link=https://x.y]\nimage::t.png[]\n\nimage::u.png[]',
      't.png "A sunset"',
      'u.png',
    ],
    [
      '----\nimage::no.png[]\n----\n\n....\nimage::no.png[]\n....\n\n////\nimage::no.png[]\n////\n// image::no.png[]\n`image:no.png[]` image::a.png[]',
      'a.png',
    ],
    [
      '|===\n|image:tab.png[alt="In a table"] | x\n|===\n\n* image:list.svg[]',
      'tab.png "In a table"',
      'list.svg',
    ],
    [
      '++++\n<img src="html.png" alt="raw">\n++++\n\nvideo::v.mp4[poster=p.png]',
      'html.png "raw"',
      'p.png',
    ],
    [
      'image::https://placehold.co/60x40[A box]',
      'https://placehold.co/60x40 "A box" 60x40 placehold.co',
    ],
    ['image::unclosed.png[ text\n\nimage::a.png[]', 'a.png'],
  ]);
});

describe('images that reStructuredText names', () => {
  finds('restructuredtext', [
    ['1. .. image:: a.png\n      :alt: A cat\n#. .. image:: b.png\n', 'a.png "A cat"', 'b.png'],
    [
      '.. image:: a.png\n   :alt: A cat\n      on a mat\n   :width: 200px\n   :height: 100',
      'a.png "A cat on a mat" 200x100',
    ],
    [
      '.. figure:: /_static/f.png\n   :width: 50%\n\n   The caption of\n   it.\n\n   Legend',
      '/_static/f.png "The caption of it."',
    ],
    ['.. |logo| image:: logo.svg\n   :alt: the logo\n\nText |logo|', 'logo.svg "the logo"'],
    [
      '- .. image:: li.png\n\n* text\n\n  .. image:: nested.png\n\n.. note::\n\n   .. image:: note.png',
      'li.png',
      'nested.png',
      'note.png',
    ],
    [
      'Code::\n\n   .. image:: no.png\n\n.. code-block:: rst\n\n   .. image:: no.png\n\n.. image:: a.png',
      'a.png',
    ],
    ['.. image: no.png\n\n.. a comment\n   .. image:: no.png\n\n.. image:: a.png', 'a.png'],
    ['.. image::\n   next line.png\n   :alt: next', 'next line.png "next"'],
    [
      '.. raw:: html\n\n   <img src="raw.png" alt="raw">\n\n.. raw:: latex\n\n   x',
      'raw.png "raw"',
    ],
    ['+------------------+\n| .. image:: t.png |\n+------------------+', 't.png'],
    [
      '.. image:: {static}/x.png\n.. image:: x.*\n.. _target: x.png',
      '{static}/x.png computed',
      'x.* computed',
    ],
    ['\r\n.. image:: a.png\r\n   :alt: crlf\r\n', 'a.png "crlf"'],
  ]);
});

describe('images that notebooks name', () => {
  const cell = (cell_type: string, source: unknown) => ({ cell_type, metadata: {}, source });
  const file = (...cells: unknown[]) => JSON.stringify({ cells, nbformat: 4 }, null, 1);

  it('are those of the Markdown cells, at their places in the file', () => {
    const text = file(
      cell('markdown', [
        '# "q" 😀\n',
        '![a \\"c\\" é](img/a%20b.png)\n',
        '<img src="b.png" alt="b">',
      ]),
      cell('code', ['![no](no.png)']),
      cell('markdown', '![s](s.png)\n\n![l][x]\n\n[x]: lab.png'),
      cell('markdown', ['![att](attachment:x.png)']),
      cell('raw', ['![no](no.png)']),
    );
    const lines = ['img/a%20b.png "a "c" é"', 'b.png "b"', 's.png "s"', 'lab.png "l"'];
    assert.deepEqual(found('ipynb', text), lines);
    const [first] = referencesIn('notebook', text);
    assert.equal(text.slice(first?.start, first?.end), String.raw`![a \\\"c\\\" é](img/a%20b.png)`);
  });

  it('also of the older format, and of files with errors', () => {
    const old = { worksheets: [{ cells: [cell('markdown', ['![a](a.png)'])] }], nbformat: 3 };
    assert.deepEqual(found('ipynb', JSON.stringify(old)), ['a.png "a"']);
    assert.deepEqual(found('ipynb', file(cell('markdown', '![a](a.png)')).slice(0, -5)), [
      'a.png "a"',
    ]);
    assert.deepEqual(found('ipynb', ''), []);
    assert.deepEqual(found('ipynb', '{"cells": 3}'), []);
  });
});
