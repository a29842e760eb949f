import assert from 'node:assert/strict';
import { placeholderImage } from '../../../src/host/references/placeholder-services';

/** Addresses as people write them, and what the services' own pages say that they mean. */
const CASES: readonly [address: string, wanted: ReturnType<typeof placeholderImage>][] = [
  ['https://placehold.co/600x400', { service: 'placehold.co', width: 600, height: 400 }],
  ['https://placehold.co/400', { service: 'placehold.co', width: 400, height: 400 }],
  ['//placehold.co/600x400@2x.png', { service: 'placehold.co', width: 600, height: 400 }],
  [
    'https://placehold.co/600x400/000000/FFF/png?text=Hello+big%20World&font=roboto',
    {
      service: 'placehold.co',
      width: 600,
      height: 400,
      text: 'Hello big World',
      background: '000000',
      foreground: 'FFF',
    },
  ],
  [
    'https://placehold.co/60x40/orange/white.webp?text=Hello\\nWorld',
    {
      service: 'placehold.co',
      width: 60,
      height: 40,
      text: 'Hello World',
      background: 'orange',
      foreground: 'white',
    },
  ],
  [
    'http://via.placeholder.com/150/0000FF/808080?Text=Digital.com',
    {
      service: 'placeholder.com',
      width: 150,
      height: 150,
      text: 'Digital.com',
      background: '0000FF',
      foreground: '808080',
    },
  ],
  [
    'https://via.placeholder.com/300x200.png',
    { service: 'placeholder.com', width: 300, height: 200 },
  ],
  [
    'https://dummyimage.com/600x400/000/fff.png&text=a+red+apple',
    {
      service: 'dummyimage.com',
      width: 600,
      height: 400,
      text: 'a red apple',
      background: '000',
      foreground: 'fff',
    },
  ],
  ['https://picsum.photos/200/300', { service: 'picsum.photos', width: 200, height: 300 }],
  ['https://picsum.photos/200', { service: 'picsum.photos', width: 200, height: 200 }],
  [
    'https://picsum.photos/id/237/200/300.jpg?grayscale&blur=2',
    { service: 'picsum.photos', width: 200, height: 300 },
  ],
  [
    'https://picsum.photos/seed/lighthouse/200/300',
    { service: 'picsum.photos', width: 200, height: 300 },
  ],
  [
    'https://placekitten.com/g/200/300',
    { service: 'placekitten.com', width: 200, height: 300, text: 'a kitten' },
  ],
  [
    'https://loremflickr.com/320/240/paris,girl/all',
    { service: 'loremflickr.com', width: 320, height: 240, text: 'paris girl' },
  ],
  ['https://loremflickr.com/320/240', { service: 'loremflickr.com', width: 320, height: 240 }],
  [
    'https://fakeimg.pl/250x100/ff0000,128/000,255/?text=Hello',
    {
      service: 'fakeimg.pl',
      width: 250,
      height: 100,
      text: 'Hello',
      background: 'ff0000,128',
      foreground: '000,255',
    },
  ],
  ['https://fakeimg.pl/300/', { service: 'fakeimg.pl', width: 300, height: 300 }],
  [
    'https://source.unsplash.com/random/800x600/?water,trees',
    { service: 'source.unsplash.com', width: 800, height: 600, text: 'water trees' },
  ],
  ['https://source.unsplash.com/random', { service: 'source.unsplash.com' }],
  [
    'https://placehold.jp/3d4070/ffffff/150x100.png?text=Hi',
    {
      service: 'placehold.jp',
      width: 150,
      height: 100,
      text: 'Hi',
      background: '3d4070',
      foreground: 'ffffff',
    },
  ],
  [
    'https://i.pravatar.cc/300?img=7',
    { service: 'i.pravatar.cc', width: 300, height: 300, text: 'a portrait' },
  ],
  ['https://example.com/placehold.co/600x400', undefined],
  ['https://notplacehold.co/600x400', undefined],
  ['images/placehold.co/600x400.png', undefined],
  ['https://%/', undefined],
];

describe('placeholder services', () => {
  for (const [address, wanted] of CASES) {
    it(address, () => assert.deepEqual(placeholderImage(address), wanted));
  }
});
