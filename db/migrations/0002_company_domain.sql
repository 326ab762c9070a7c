CREATE TABLE "company_domain" (
	"domain" text PRIMARY KEY NOT NULL,
	"company" bigint NOT NULL
);
