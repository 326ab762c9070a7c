CREATE TABLE "dimension_value" (
	"tenant" integer DEFAULT 1 NOT NULL,
	"dimension" text NOT NULL,
	"name" text NOT NULL,
	CONSTRAINT "dimension_value_tenant_dimension_name_pk" PRIMARY KEY("tenant","dimension","name")
);
