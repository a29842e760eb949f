import { canBeTransparent, type ImageFormat } from '../../src/core/image/formats';
import { REQUEST_FIELDS, requestField, type FieldsWith } from '../../src/core/request/fields';
import { LIMITS } from '../../src/core/request/fields/limits';
import { checkField, numberField, setAvailable } from '../controls/fields';
import { notTaken, type Elsewhere } from '../state/elsewhere';
import { isAddedField, type AddedSlider } from '../state/field-additions';
import { FORM_FIELDS, NEW_FORM, type Form, type FormField } from '../state/form';
import { t } from '../l10n';

type SliderField = FieldsWith<{ form: { control: 'slider' } }>;
type CheckboxField = FieldsWith<{ form: { control: 'checkbox' } }>;

/** The model's own values, as far as they are known. */
export type OwnValues = Partial<Record<SliderField, number | undefined>>;

/** What decides which fields can be set. */
export interface FieldFacts {
  /** Of the image's file. */
  readonly format: ImageFormat;
  /** Where the model draws; undefined for this machine. */
  readonly elsewhere: Elsewhere | undefined;
}

/** A control that the table of request fields describes. */
export interface FieldControl {
  readonly element: HTMLElement;
  /** The control is shown only for a drawing that starts from the sketch. */
  readonly ofInitImage: boolean;
  /** @param own the model's own values */
  readonly show: (form: Form, own: OwnValues, facts: FieldFacts) => void;
}

/** The sliders of the table that are always shown, in its order. */
export function sliders(change: (fields: Partial<Form>) => void): FieldControl[] {
  return FORM_FIELDS.filter(isSlider)
    .filter((field) => !isAddedField(field))
    .map((field) => slider(field, change));
}

/** The slider of a field whose card is added: at first, and when it is reset, it has the row's `initial`. */
export function addedSlider(field: AddedSlider, change: (fields: Partial<Form>) => void) {
  const { form } = REQUEST_FIELDS[field];
  const { initial } = form;
  const control = numberField({
    label: t(`${field}.label`),
    ...LIMITS[field],
    step: form.step,
    ...('sliderMax' in form && { sliderMax: form.sliderMax }),
    onChange: (value) => change({ [field]: value ?? initial }),
  });
  return {
    element: control.element,
    show: ({ [field]: value }: Form) =>
      control.show(value === initial ? undefined : value, initial),
  };
}

/** The checkboxes of the table, in its order. */
export function checkboxes(change: (fields: Partial<Form>) => void): FieldControl[] {
  return FORM_FIELDS.filter(isCheckbox).map((field) => checkbox(field, change));
}

function slider(field: SliderField, change: (fields: Partial<Form>) => void): FieldControl {
  const { form } = REQUEST_FIELDS[field];
  const control = numberField({
    label: t(`${field}.label`),
    ...LIMITS[field],
    step: form.step,
    ...('sliderMax' in form && { sliderMax: form.sliderMax }),
    ...(hasHelp(field) && { help: t(`${field}.help`) }),
    onChange: (value) => change({ [field]: value ?? NEW_FORM[field] }),
  });
  return {
    element: control.element,
    ofInitImage: requestField(field).ofInitImage === true,
    show: (values, own, { elsewhere }) => {
      control.show(values[field], own[field]);
      setAvailable(control.element, notTaken(elsewhere, field));
    },
  };
}

function checkbox(field: CheckboxField, change: (fields: Partial<Form>) => void): FieldControl {
  const control = checkField(t(`${field}.label`), (value) => change({ [field]: value }));
  return {
    element: control.element,
    ofInitImage: requestField(field).ofInitImage === true,
    show: (values, _own, { format }) => {
      const reason = unavailable(field, format);
      control.show(values[field] && reason === undefined, {
        disabled: reason !== undefined,
        help: reason ?? t(`${field}.help`),
      });
    },
  };
}

/** Why a field cannot be set for a format; undefined where it can. */
function unavailable(field: FormField, format: ImageFormat): string | undefined {
  if (field !== 'transparent' || canBeTransparent(format)) return undefined;
  return t('transparentNot', format);
}

function hasHelp(field: FormField): field is FieldsWith<{ form: { help: string } }> {
  return requestField(field).form?.help !== undefined;
}

function isSlider(field: FormField): field is SliderField {
  return requestField(field).form?.control === 'slider';
}

function isCheckbox(field: FormField): field is CheckboxField {
  return requestField(field).form?.control === 'checkbox';
}
