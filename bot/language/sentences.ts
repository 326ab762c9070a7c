/** What people ask for with a verb, by KPI: "how many deals did we win in October". */
export const sentences: Readonly<Record<string, readonly string[]>> = {
  deals_won: [
    'deals did we win',
    'deals did we close',
    'deals have we won',
    'deals have we closed',
    'deals were won',
  ],
  deals_lost: ['deals did we lose', 'deals have we lost', 'deals were lost'],
  bookings: ['did we book', 'have we booked', 'did we sell', 'have we sold'],
  invoiced: ['did we invoice', 'have we invoiced', 'did we bill', 'have we billed'],
  cash_collected: ['cash did we collect', 'did we collect', 'have we collected'],
  marketing_spend: ['did we spend on marketing', 'have we spent on marketing', 'did marketing spend'],
  new_customers: [
    'customers did we win',
    'customers did we add',
    'customers did we sign',
    'logos did we win',
    'logos did we add',
  ],
  new_leads: ['leads did we generate', 'leads did we create', 'leads were created', 'leads came in'],
  mqls: ['mqls did we generate', 'mqls did we create'],
  pipeline_created: [
    'pipeline did we create',
    'pipeline did we generate',
    'pipeline was created',
    'pipeline did we build',
  ],
  tickets_created: ['tickets were opened', 'tickets were created', 'tickets came in'],
  tickets_solved: [
    'tickets did we solve',
    'tickets did we resolve',
    'tickets did we close',
    'tickets were solved',
    'tickets were resolved',
    'tickets were closed',
  ],
};
