/**
 * Ordinary English words that lie one or two slips from a word of Herald's: of the ten thousand most common ones, those
 * that would be taken for a misspelt "lead", "cash" or "last". Whoever types them means them.
 */
export const realWords: ReadonlySet<string> = new Set(
  (
    'acc accurate acreage algorithm algorithms amber andy attraction averages bios camel camping captive ' +
    'cas cast cat cats cells char charset charts cheats clash clock clocks closure coast coat cold ' +
    'compete compliant compute computed conduct conducts const construct construction contest contests ' +
    'context contexts contracting contractor contradiction contrast cos costa country county courage ' +
    'crash creating credited ctrl currency customary customs dare das dealers details dial doesn dose ' +
    'drive driving dual earliest efficient efficiently encoded encoding ent entered entries erp executed ' +
    'fell fill flour forth fully fur gage geographic given goes grass growing haven hugh interim invited ' +
    'invoked jane lane leaders leaf led leeds lego lengthy less lie lime load loads located log logs lone ' +
    'lot lots mai mali man marc marginal marked marker markers marking marsh match meant meat media men ' +
    'merging meta mil neat neon nest noon opposition original oversee own pac pact pad pan pas pass pasta ' +
    'paste pat patents peer periodic perl peru pest petition pie pier plain plains plane planes planets ' +
    'plants playback playing pleasure pop pope precious proceeding produce produced producer producers ' +
    'productive program programmers promoted promotes protect pst quartet quicker quote race racing radio ' +
    'raising rare rat reading receiver recovery relating religion religions rely removable remover ' +
    'renting repeats replay repo requested res respond resting revolution rio road roads roast rom rome ' +
    'ross routing ruin sage sam samples sas scale scales scare science seas securities security seen ' +
    'seize send set seventh shame shore shown sie silence sip skip smaller sore spent stable stake ' +
    'stanley star starring stars startup stat stated states stating status staying stellar steven stevens ' +
    'stewart storage store strange stuart survive suspend tall teaches tend than theatre theorem thereby ' +
    'thereof thorough though thought threw throughout ticker tiger tigers tire tires toll trading ' +
    'training traveling tree tubes tunes urgency weak weighed whale wheat where width winds wine wines ' +
    'wing wings wishing wit witch workers worn yea'
  ).split(' '),
);
