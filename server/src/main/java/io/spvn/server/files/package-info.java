/// Files that are served without the app. [io.spvn.server.files.StaticFiles] stands before the
/// workers and answers what is below its routes: the path of a request
/// ([io.spvn.server.files.UrlPath]) leads to a file of a folder ([io.spvn.server.files.Folder]), of
/// which the request's conditions ([io.spvn.server.files.Preconditions]) and ranges
/// ([io.spvn.server.files.RangeField]) leave all, some or none to send
/// ([io.spvn.server.files.FileResponse]). It says so to the exchange, as a worker does for its app,
/// so nothing here knows of connections or of a version of HTTP.
package io.spvn.server.files;
