/** Block Kit: drawn by slack-blocks-to-jsx, but for what must react to a press or show an uploaded picture. */
import { type Block, Message as LibraryBlocks } from 'slack-blocks-to-jsx';
import type { PressedElement } from '../slack/act.ts';
import { ActionRow } from './action-row.tsx';
import { DataTable } from './data-table.tsx';
import { type KitBlock, withoutVerbatim } from './kit-block.ts';
import { Picture } from './picture.tsx';
import type { Theme } from './theme.ts';
import type { Workspace } from './use-workspace.ts';

type BlocksProps = {
  blocks: readonly unknown[];
  workspace: Workspace;
  theme: Theme;
  onPress: (element: PressedElement) => Promise<boolean>;
};

export function Blocks({ blocks, workspace, theme, onPress }: BlocksProps) {
  const names = {
    users: [...workspace.people, { id: workspace.bot?.userId ?? '', name: 'Herald' }],
    channels: [...workspace.channels],
  };
  return (
    <div className="blocks">
      {(blocks as KitBlock[]).map((block, index) => {
        const key = block.block_id ?? index;
        if (block.type === 'actions')
          return <ActionRow key={key} elements={block.elements ?? []} onPress={onPress} />;
        if (block.type === 'image') return <Picture key={key} image={block} />;
        if (block.type === 'data_table') return <DataTable key={key} block={block} />;
        const { accessory, ...rest } = block;
        return (
          <div key={key} className={`block ${block.type}`}>
            <LibraryBlocks
              blocks={[withoutVerbatim(rest) as unknown as Block]}
              name=""
              logo=""
              data={names}
              theme={theme}
              withoutWrapper
            />
            {accessory?.type === 'image' && <Picture image={accessory} small />}
            {accessory && accessory.type !== 'image' && (
              <ActionRow elements={[accessory]} onPress={onPress} />
            )}
          </div>
        );
      })}
    </div>
  );
}
