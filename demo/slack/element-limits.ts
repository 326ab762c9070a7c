/** Buttons and menus. */
import { type Block, listOf, type Report, textIn, within } from './limit-checks.ts';

export function checkElement(element: Block, at: string, report: Report) {
  within(element.action_id, 255, `${at}/action_id`, report, { optional: true });
  switch (element.type) {
    case 'button':
      textIn(element.text, 75, `${at}/text`, report, ['plain_text']);
      within(element.value, 2000, `${at}/value`, report, { optional: true });
      within(element.url, 3000, `${at}/url`, report, { optional: true });
      within(element.accessibility_label, 75, `${at}/accessibility_label`, report, { optional: true });
      if (element.style !== undefined && !['primary', 'danger'].includes(String(element.style))) {
        report(`${at}/style`, 'must be one of: primary, danger');
      }
      return;
    case 'static_select':
    case 'multi_static_select':
      if (element.placeholder !== undefined)
        textIn(element.placeholder, 150, `${at}/placeholder`, report, ['plain_text']);
      return checkOptions(element.options, 100, `${at}/options`, report);
    case 'overflow':
      return checkOptions(element.options, 5, `${at}/options`, report);
    case 'checkboxes':
    case 'radio_buttons':
      return checkOptions(element.options, 10, `${at}/options`, report);
    case 'image':
      within(element.alt_text, 2000, `${at}/alt_text`, report);
      return within(element.image_url, 3000, `${at}/image_url`, report);
    default:
      report(`${at}/type`, `unsupported element: ${String(element.type)}`);
  }
}

function checkOptions(options: unknown, most: number, at: string, report: Report) {
  listOf(options, 1, most, at, report, (option, place) => {
    textIn(option.text, 75, `${place}/text`, report);
    within(option.value, 150, `${place}/value`, report);
  });
}
