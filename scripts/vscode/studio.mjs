// Drives the studio as a person does: by its names, the mouse and the keyboard.
import { Buffer } from 'node:buffer';
import { runCommand } from './browser.mjs';

/* global ClipboardEvent, DataTransfer, DragEvent, File -- inside the studio's page */

/** The studio's page inside the editor's page. */
export function studioFrame(page) {
  return page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
}

/** Opens the studio and waits until it knows its models. */
export async function openStudio(page) {
  await runCommand(page, 'Easel: Open Studio');
  return studioReady(page);
}

/** Opens the studio where the model is not there: it has no steps to tell, but the devices are known. */
export async function openStudioWithoutModel(page) {
  await runCommand(page, 'Easel: Open Studio');
  const studio = studioFrame(page);
  await studio.locator('.running').filter({ hasText: 'Running on' }).waitFor({ timeout: 90_000 });
  return studio;
}

/** Waits for a studio that opens by itself, as after a reload. */
export async function studioReady(page) {
  const studio = studioFrame(page);
  await studio.locator('.facts').filter({ hasText: 'steps' }).waitFor({ timeout: 90_000 });
  return studio;
}

/** Shows the sketch or the result. */
export function showTab(studio, name) {
  return studio.getByRole('tab', { name }).click();
}

/**
 * Drags over the paper with the mouse.
 * @param places [x, y] pairs as shares of the paper; a single one is a click
 */
export async function dragOnPaper(page, studio, places) {
  const box = await studio.locator('.paper').boundingBox();
  const [first, ...rest] = places.map(([x, y]) => [box.x + box.width * x, box.y + box.height * y]);
  await page.mouse.move(...first);
  await page.mouse.down();
  for (const place of rest) await page.mouse.move(...place, { steps: 8 });
  await page.mouse.up();
}

/** Draws a line over the paper from left to right with a pen that presses so hard (0 to 1). */
export async function penOnPaper(page, studio, y, force) {
  const box = await studio.locator('.paper').boundingBox();
  const devtools = await page.context().newCDPSession(page);
  const send = (type, x, buttons) =>
    devtools.send('Input.dispatchMouseEvent', {
      type,
      x: box.x + box.width * x,
      y: box.y + box.height * y,
      button: 'left',
      buttons,
      clickCount: 1,
      pointerType: 'pen',
      force,
    });
  await send('mouseMoved', 0.2, 0);
  await send('mousePressed', 0.2, 1);
  for (let x = 0.25; x < 0.8; x += 0.05) await send('mouseMoved', x, 1);
  await send('mouseReleased', 0.8, 0);
  await devtools.detach();
}

/** Drags a picture of the filmstrip, the newest being the first, to the end of a line of a document. */
export async function dragIntoText(page, studio, place, line) {
  const [from, to] = await Promise.all([
    studio.locator('.thumb').nth(place - 1).boundingBox(),
    page.locator('.view-line').filter({ hasText: line }).boundingBox(),
  ]); // prettier-ignore
  const [x, y] = [to.x + to.width / 2, to.y + to.height / 2];
  await page.mouse.move(from.x + from.width / 2, from.y + 20);
  await page.mouse.down();
  await page.mouse.move(x, y, { steps: 5 });
  // Without Shift the editor opens what is dropped on it.
  await page.keyboard.down('Shift');
  await page.mouse.move(x + 4, y, { steps: 4 });
  await page.locator('.dnd-target').waitFor({ state: 'attached' });
  await page.mouse.up();
  await page.keyboard.up('Shift');
}

/** Drops a PNG file on the paper, or pastes it there, as a browser hands it over. */
export async function giveToPaper(studio, way, bytes) {
  await studio.locator('.paper').evaluate(
    (paper, given) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(given.bytes)], 'a.png', { type: 'image/png' }));
      const options = { bubbles: true, cancelable: true };
      paper.dispatchEvent(
        given.way === 'drop'
          ? new DragEvent('drop', { ...options, dataTransfer: transfer })
          : new ClipboardEvent('paste', { ...options, clipboardData: transfer }),
      );
    },
    { way, bytes: [...bytes] },
  );
}

/** Takes a tool, and a colour where it is given as `#rrggbb`. */
export async function takeTool(studio, name, colour) {
  await studio.getByRole('button', { name, exact: true }).click();
  if (colour) await studio.getByRole('button', { name: `Colour ${colour}` }).click();
}

/** An apple: a filled background, an ellipse, a stem and a leaf. */
export async function sketchApple(page, studio) {
  await showTab(studio, 'Sketch');
  await takeTool(studio, 'Ellipse', '#d8433b');
  await dragOnPaper(page, studio, [[0.2, 0.28], [0.8, 0.9]]); // prettier-ignore
  await takeTool(studio, 'Pen', '#8a5a3b');
  await studio.getByRole('slider', { name: 'Brush size' }).fill('34');
  await dragOnPaper(page, studio, [[0.5, 0.34], [0.51, 0.24], [0.57, 0.14]]); // prettier-ignore
  await takeTool(studio, 'Ellipse', '#4fa65b');
  await dragOnPaper(page, studio, [[0.55, 0.13], [0.78, 0.25]]); // prettier-ignore
}

/** Types a prompt, chooses how many pictures, and draws. */
export async function draw(studio, prompt, images = 1) {
  await studio.locator('.segment').nth(images - 1).click(); // prettier-ignore
  const box = studio.getByRole('textbox', { name: 'Prompt', exact: true });
  await box.fill(prompt);
  await box.press('Enter');
}

/**
 * Drops a picture's file on a part of the page, as from the desktop.
 * @param file { name, type, bytes }
 */
export function dropFile(studio, selector, { name, type, bytes }) {
  const base64 = Buffer.from(bytes).toString('base64');
  return studio.locator(selector).evaluate(
    (element, dropped) => {
      const { DataTransfer, DragEvent, File, atob } = element.ownerDocument.defaultView;
      const content = Uint8Array.from(atob(dropped.base64), (letter) => letter.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content], dropped.name, { type: dropped.type }));
      element.dispatchEvent(
        new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }),
      );
    },
    { name, type, base64 },
  );
}
