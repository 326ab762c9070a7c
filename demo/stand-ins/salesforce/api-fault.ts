/** A refused request, in the words and the shape of the REST API: an array of {message, errorCode}. */
export class ApiFault extends Error {
  readonly status: number;
  readonly errorCode: string;
  constructor(status: number, errorCode: string, message: string) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }
}

export const malformed = (message: string) => new ApiFault(400, 'MALFORMED_QUERY', message);
