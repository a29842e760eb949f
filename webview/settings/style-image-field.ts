import { LIMITS } from '../../src/core/request/fields/limits';
import { IMAGE_MIME, type StudioImage } from '../../src/protocol/studio';
import { h, plainButton } from '../controls/dom';
import { field, numberField, selectBox } from '../controls/fields';
import { allowDrop, droppedUri, imageChooser, imageFile } from '../controls/image-files';
import { t } from '../l10n';
import type { Form } from '../state/form';
import { STYLE_SCALE, type StyleBy } from '../state/style-image';
import { addedCard } from './added-card';
import { modelLabel } from './labels';

/** More than the model's own share is rarely wanted. */
const SLIDER_END = 1;

/** Where a picture comes from: a file, a file of the workspace by its URI, or an image of the gallery by its id. */
export type PictureSource =
  { readonly file: File | undefined } | { readonly uri: string } | { readonly image: string };

export interface StyleImageActions {
  readonly change: (fields: Partial<Form>) => void;
  readonly removeStyleImage: () => void;
  readonly takePicture: (source: PictureSource) => void;
  /** Downloads an IP-Adapter for the model. */
  readonly getIpAdapter: () => void;
}

/** *In the style of this picture*: a place to drop a picture, and how much it counts. */
export function styleImageField(actions: StyleImageActions) {
  const { change, takePicture } = actions;
  const drop = dropPlace(takePicture);
  const missing = h('p', {});
  const get = plainButton(t('getIpAdapter'), actions.getIpAdapter);
  const ipAdapter = selectBox((chosen) => change({ ipAdapter: chosen }));
  const chosen = field(t('styleBy'), ipAdapter.element);
  const scale = numberField({
    label: t('styleScale'),
    ...LIMITS.ipAdapterScale,
    sliderMax: SLIDER_END,
    step: 0.05,
    help: t('styleScaleHelp'),
    onChange: (styleScale) => change({ styleScale }),
  });
  const card = addedCard(
    { title: t('styleImageTitle'), remove: actions.removeStyleImage },
    ...[drop.element, missing, get, chosen, scale.element],
  );
  takeFrom(card.element, takePicture);
  return {
    element: card.element,
    /** @param result the image that the page shows; undefined for none */
    show(form: Form, by: StyleBy, result: StudioImage | undefined): void {
      card.show(form.added.includes('styleImage'), by.refused);
      drop.show(form.styleImage, result);
      missing.hidden = get.hidden = by.chosen !== undefined;
      missing.textContent = t('styleImageMissing', modelLabel(form.model));
      chosen.hidden = by.ipAdapters.length < 2;
      ipAdapter.show(
        by.ipAdapters.map((id) => ({ value: id, label: withoutEnding(modelLabel(id)), title: id })),
        by.chosen ?? '',
      );
      scale.element.hidden = form.styleImage === undefined || by.chosen === undefined;
      scale.show(form.styleScale, STYLE_SCALE);
    },
  };
}

function withoutEnding(file: string): string {
  return file.replace(/\.(safetensors|bin)$/i, '');
}

/** The picture, or that one can be dropped here, and the buttons for those who do not drop. */
function dropPlace(take: (source: PictureSource) => void) {
  let shown: StudioImage | undefined;
  const image = h('img', { class: 'drop-picture', draggable: 'false' });
  const text = h('p', { class: 'drop-text' });
  const chooser = imageChooser((file) => take({ file }));
  const useResult = plainButton(t('chooseResult'), () => shown && take({ image: shown.id }));
  const element = h(
    'div',
    { class: 'drop' },
    {},
    h('div', { class: 'drop-head' }, {}, image, text),
    h(
      'div',
      { class: 'drop-buttons' },
      {},
      plainButton(t('chooseFile'), () => chooser.click()),
      chooser,
      useResult,
    ),
  );
  return {
    element,
    show(picture: Form['styleImage'], result: StudioImage | undefined): void {
      shown = result;
      useResult.hidden = result === undefined;
      element.classList.toggle('filled', picture !== undefined);
      image.hidden = picture === undefined;
      text.textContent = picture?.name ?? t('styleImageDrop');
      text.title = picture?.name ?? '';
      if (!picture || image.getAttribute('src') === picture.src) return;
      image.src = picture.src;
      image.alt = t('styleImageAlt', picture.name);
    },
  };
}

/** What is dropped on an element, or pasted while the focus is in it, is not for the sketch. */
function takeFrom(element: HTMLElement, take: (source: PictureSource) => void): void {
  const mark = (over: boolean) => element.classList.toggle('drop-over', over);
  element.addEventListener('paste', (event) => {
    const file = imageFile(event.clipboardData);
    if (!file) return;
    event.preventDefault();
    event.stopPropagation();
    take({ file });
  });
  element.addEventListener('dragover', (event) => {
    event.stopPropagation();
    mark(allowDrop(event));
  });
  element.addEventListener('dragleave', (event) => {
    if (!element.contains(event.relatedTarget as Node | null)) mark(false);
  });
  element.addEventListener('drop', (event) => {
    event.preventDefault();
    event.stopPropagation();
    mark(false);
    const { dataTransfer } = event;
    const dragged = dataTransfer?.getData(IMAGE_MIME) ?? '';
    const uri = droppedUri(dataTransfer);
    if (dragged !== '') take({ image: dragged });
    else if (dataTransfer?.files.length || uri === undefined)
      take({ file: imageFile(dataTransfer) });
    else take({ uri });
  });
}
