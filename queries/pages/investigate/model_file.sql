-- The model behind the scores of one entity type, as text, with its calibration.
--
-- grain:   entity_type
-- params:  entity_type  varchar
-- returns: entity_type            varchar
--          model_version          varchar
--          model_text             varchar  trees, as LightGBM writes them
--          calibration_slope      double   score = sigmoid(slope * margin
--          calibration_intercept  double   + intercept)
select
    entity_type,
    model_version,
    model_text,
    cast(calibration_slope as double) as calibration_slope,
    cast(calibration_intercept as double) as calibration_intercept
from scores.model_files
where entity_type = $entity_type
