import type { KitBlock, KitCell } from './kit-block.ts';

const textOf = (cell: KitCell): string => String(cell.text ?? cell.value ?? '');

/** The library knows this block by name only and draws nothing. */
export function DataTable({ block }: { block: KitBlock }) {
  const [head = [], ...rows] = block.rows ?? [];
  return (
    <div className="data-table">
      <table>
        <caption>{block.caption}</caption>
        <thead>
          <tr>
            {head.map((cell) => (
              <th key={textOf(cell)} scope="col">
                {textOf(cell)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.map(textOf).join('\t')}>
              {row.map((cell, column) => (
                <td
                  key={textOf(head[column] ?? cell)}
                  data-number={cell.type === 'raw_number' ? '' : undefined}
                >
                  {textOf(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
