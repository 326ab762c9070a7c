/** `data_visualization`: the stricter of the documented and the observed limits. */
import { type Block, isObject, listOf, type Report, within } from './limit-checks.ts';

const cartesian = ['bar', 'area', 'line'];

export function checkChart(block: Block, at: string, report: Report) {
  within(block.title, 50, `${at}/title`, report);
  const chart = block.chart;
  if (!isObject(chart)) return report(`${at}/chart`, 'must be an object');
  if (chart.type === 'pie') {
    return listOf(chart.segments, 1, 6, `${at}/chart/segments`, report, (segment, place) => {
      within(segment.label, 20, `${place}/label`, report);
      if (!(Number(segment.value) > 0)) report(`${place}/value`, 'must be greater than 0');
    });
  }
  if (!cartesian.includes(String(chart.type)))
    return report(`${at}/chart/type`, 'must be one of: pie, bar, area, line');
  const axis = isObject(chart.axis_config) ? chart.axis_config : {};
  within(axis.x_label, 50, `${at}/chart/axis_config/x_label`, report, { optional: true });
  within(axis.y_label, 50, `${at}/chart/axis_config/y_label`, report, { optional: true });
  const categories = axis.categories;
  if (!Array.isArray(categories) || categories.length < 1 || categories.length > 20) {
    return report(`${at}/chart/axis_config/categories`, 'must have between 1 and 20 items');
  }
  const names = new Set<unknown>();
  listOf(chart.series, 1, 6, `${at}/chart/series`, report, (series, place) => {
    within(series.name, 20, `${place}/name`, report);
    if (names.has(series.name)) report(`${place}/name`, 'must be unique');
    names.add(series.name);
    const labels = new Set<unknown>();
    listOf(series.data, 1, 20, `${place}/data`, report, (point, spot) => {
      within(point.label, 20, `${spot}/label`, report);
      if (typeof point.value !== 'number' || !Number.isFinite(point.value))
        report(`${spot}/value`, 'must be a number');
      labels.add(point.label);
    });
    if (labels.size !== categories.length || categories.some((category) => !labels.has(category))) {
      report(`${place}/data`, 'must have exactly one point per category');
    }
  });
}
